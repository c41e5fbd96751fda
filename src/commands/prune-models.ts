import { ChurnMcpError } from '../errors.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import type { VersionSummary } from '../registry/model-registry.ts';
import { plural } from '../text/format.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseName, parseWhole } from './flag-values.ts';
import type { ModelsArguments } from './models-arguments.ts';

export interface PruneFlags extends CommonFlags {
  readonly keep?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const KEPT = '10';
const MOST_KEPT = 100_000;

/** Removes old versions: of each model all but the newest and those with an alias, such as the champion. */
export function runPruneModels(
  { model, version }: ModelsArguments,
  flags: PruneFlags,
  environment: CommandEnvironment,
): Promise<number> {
  const keep = parseWhole('--keep', flags.keep ?? KEPT, 1, MOST_KEPT);
  const models = model === undefined ? REGISTERED_MODELS : [parseName('model', model, REGISTERED_MODELS)];
  if (version !== undefined) {
    throw new ChurnMcpError('USAGE', '"models prune" takes no version.', {
      hint: 'It removes the oldest: churn-mcp models prune MODEL --keep 5',
    });
  }
  return withServices(environment, flags, async ({ services: { registry }, print }) => {
    const removed: { model: string; version: string }[] = [];
    for (const each of models) {
      for (const { card } of outdated(await registry.list(each), keep)) {
        if (flags.dryRun !== true) await registry.remove(each, card.version);
        removed.push({ model: each, version: card.version });
      }
    }
    const text = [
      ...removed.map((old) => `${old.model} ${old.version}`),
      `${flags.dryRun ? 'Would remove' : 'Removed'} ${plural(removed.length, 'version')}; the ${keep} newest of each model stay, and every champion.`,
    ].join('\n');
    print(flags.json ? JSON.stringify({ removed, is_dry_run: flags.dryRun === true, text }, null, 2) : text);
    return 0;
  });
}

/** `versions` come newest first. */
function outdated(versions: readonly VersionSummary[], keep: number): VersionSummary[] {
  return versions.filter(({ aliases }, position) => position >= keep && aliases.length === 0);
}
