import { ChurnMcpError } from '../errors.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import { callByCommand, printOutcome } from './call-outcome.ts';
import { type CommandEnvironment, withServices } from './command-context.ts';
import { parseName } from './flag-values.ts';
import { type ImportModelFlags, runImportModel } from './import-model.ts';
import { MIRROR_ACTIONS, type MirrorFlags, runMirror } from './mirror-models.ts';
import type { ModelsArguments } from './models-arguments.ts';
import { type PruneFlags, runPruneModels } from './prune-models.ts';

/** Lists the registered models, promotes a version, imports one, removes old ones, or copies versions to Snowflake and back. */
export async function runModels(
  given: ModelsArguments,
  flags: MirrorFlags & ImportModelFlags & PruneFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  const action = parseName('action', given.action, ACTIONS);
  if (action === 'prune') return runPruneModels(given, flags, environment);
  if (action === 'import') return runImportModel(given, flags, environment);
  assertNoImportFlags(flags);
  if (MIRROR_ACTIONS.some((name) => name === action)) return runMirror(given, flags, environment);
  const { tool, args } = parseModelsCall(given);
  return withServices(environment, flags, async (context) => {
    return printOutcome(context, await callByCommand(context, tool, args), flags.json);
  });
}

const ACTIONS = ['list', 'promote', 'import', 'prune', ...MIRROR_ACTIONS] as const;

function assertNoImportFlags({ features, model, scaler, horizonDays, comment }: ImportModelFlags): void {
  if ([features, model, scaler, horizonDays, comment].every((flag) => flag === undefined)) return;
  throw new ChurnMcpError(
    'USAGE',
    '--features, --model, --scaler, --horizon-days and --comment belong to "models import".',
    { hint: 'churn-mcp models import FILE --features total_orders,total_spent,…' },
  );
}

/** @throws USAGE */
export function parseModelsCall({ action, model, version }: ModelsArguments) {
  const name = model === undefined ? undefined : () => parseName('model', model, REGISTERED_MODELS);
  if (action === 'list') {
    if (version === undefined) return { tool: 'list_models', args: name ? { model: name() } : {} } as const;
    throw new ChurnMcpError('USAGE', '"models list" takes no version.', {
      hint: 'Did you mean: churn-mcp models promote MODEL VERSION',
    });
  }
  if (name !== undefined && version !== undefined) {
    return { tool: 'promote_model', args: { model: name(), version } } as const;
  }
  throw new ChurnMcpError('USAGE', 'The model and the version to promote are missing.', {
    hint: 'Write: churn-mcp models promote MODEL VERSION. "churn-mcp models" lists both.',
  });
}
