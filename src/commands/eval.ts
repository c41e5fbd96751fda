import { ChurnMcpError } from '../errors.ts';
import { evaluationFieldsOf, evaluationText } from '../mcp/evaluation-text.ts';
import { rollingFieldsOf, rollingText } from '../mcp/rolling-text.ts';
import { type ModelCard, REGISTERED_MODELS } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import type { Services } from '../server/services.ts';
import { formatScore } from '../text/format.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseDay, parseName, parseShare, parseWhole } from './flag-values.ts';

export interface EvalFlags extends CommonFlags {
  readonly model?: string;
  readonly version?: string;
  readonly json?: boolean;
  readonly minRocAuc?: string;
  readonly maxBrier?: string;
  readonly cutoffs?: string;
  readonly asOf?: string;
}

/** Exit code: a figure is worse than asked for, or there is no model to judge. */
const EXIT_NOT_GOOD_ENOUGH = 1;

/**
 * Prints how the champions (or a named model) did on rows they had not seen, beside the baselines. Ends with 1 if one of them is
 * worse than the flags ask for, or if there is none: a check that looked at nothing has not passed.
 */
export function runEval(flags: EvalFlags, environment: CommandEnvironment): Promise<number> {
  if (flags.cutoffs !== undefined) return rollBack(flags.cutoffs, flags, environment);
  if (flags.asOf !== undefined) {
    throw new ChurnMcpError('USAGE', '--as-of belongs to --cutoffs: a registered model was judged once.', {
      hint: 'churn-mcp eval --model product_recommendation --cutoffs 4 --as-of 2026-10-31',
    });
  }
  const model = flags.model === undefined ? undefined : parseName('model', flags.model, REGISTERED_MODELS);
  const least = {
    minRocAuc: flags.minRocAuc === undefined ? undefined : parseShare('--min-roc-auc', flags.minRocAuc),
    maxBrier: flags.maxBrier === undefined ? undefined : parseShare('--max-brier', flags.maxBrier),
  };
  return withServices(environment, flags, async ({ services: { registry }, print }) => {
    const cards =
      model === undefined ? await championCards(registry) : [await registry.card(model, flags.version)];
    if (cards.length === 0) {
      throw new ChurnMcpError('UNKNOWN_MODEL', 'No model has been trained yet.', {
        hint: 'Train one first: churn-mcp call train_churn_model',
      });
    }
    print(
      flags.json
        ? JSON.stringify(cards.map(evaluationFieldsOf), null, 2)
        : cards.map(evaluationText).join('\n\n'),
    );
    const failures = cards.flatMap((card) => failuresOf(card, least));
    for (const failure of failures) process.stderr.write(`${failure}\n`);
    return failures.length === 0 ? 0 : EXIT_NOT_GOOD_ENOUGH;
  });
}

const MOST_CUTOFFS = 24;

/** Prints how recommendations would have done on several days: each is trained anew, and nothing is registered. */
function rollBack(cutoffs: string, flags: EvalFlags, environment: CommandEnvironment): Promise<number> {
  const other = (['version', 'minRocAuc', 'maxBrier'] as const).find((flag) => flags[flag] !== undefined);
  if (other !== undefined || flags.model !== 'product_recommendation') {
    throw new ChurnMcpError('USAGE', '--cutoffs trains recommendations anew for each day.', {
      hint: 'churn-mcp eval --model product_recommendation --cutoffs 4',
    });
  }
  const request = {
    cutoffs: parseWhole('--cutoffs', cutoffs, 1, MOST_CUTOFFS),
    asOf: flags.asOf === undefined ? undefined : parseDay('--as-of', flags.asOf),
  };
  return withServices(environment, flags, async ({ services, signal, display, print }) => {
    const days = await services.rollRecommendations(request, { signal, onProgress: display.listener });
    print(flags.json ? JSON.stringify(rollingFieldsOf(days), null, 2) : rollingText(days));
    return 0;
  });
}

interface Bounds {
  readonly minRocAuc: number | undefined;
  readonly maxBrier: number | undefined;
}

/** What is worse than asked for, one sentence each. */
function failuresOf({ model, version, metrics }: ModelCard, { minRocAuc, maxBrier }: Bounds): string[] {
  const { roc_auc, brier } = metrics;
  return [
    ...(minRocAuc !== undefined && !(roc_auc >= minRocAuc)
      ? [`${model} ${version} has a ROC-AUC of ${formatScore(roc_auc)}, below --min-roc-auc ${minRocAuc}.`]
      : []),
    ...(maxBrier !== undefined && !(brier <= maxBrier)
      ? [`${model} ${version} has a Brier score of ${formatScore(brier)}, above --max-brier ${maxBrier}.`]
      : []),
  ];
}

async function championCards(registry: Services['registry']): Promise<ModelCard[]> {
  const cards: ModelCard[] = [];
  for (const model of REGISTERED_MODELS) {
    const version = await registry.resolveAlias(model, CHAMPION);
    if (version !== undefined) cards.push(await registry.card(model, version));
  }
  return cards;
}
