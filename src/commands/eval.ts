import { evaluationFieldsOf, evaluationText } from '../mcp/evaluation-text.ts';
import { type ModelCard, REGISTERED_MODELS } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import type { Services } from '../server/services.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseName } from './flag-values.ts';

export interface EvalFlags extends CommonFlags {
  readonly model?: string;
  readonly version?: string;
  readonly json?: boolean;
}

/** Prints how the champions (or a named model) did on rows they had not seen, beside the baselines. */
export function runEval(flags: EvalFlags, environment: CommandEnvironment): Promise<number> {
  const model = flags.model === undefined ? undefined : parseName('model', flags.model, REGISTERED_MODELS);
  return withServices(environment, flags, async ({ services: { registry }, print }) => {
    const cards =
      model === undefined ? await championCards(registry) : [await registry.card(model, flags.version)];
    if (flags.json) print(JSON.stringify(cards.map(evaluationFieldsOf), null, 2));
    else if (cards.length === 0)
      print('No model has been trained yet. Train one first: churn-mcp call train_churn_model');
    else print(cards.map(evaluationText).join('\n\n'));
    return 0;
  });
}

async function championCards(registry: Services['registry']): Promise<ModelCard[]> {
  const cards: ModelCard[] = [];
  for (const model of REGISTERED_MODELS) {
    const version = await registry.resolveAlias(model, CHAMPION);
    if (version !== undefined) cards.push(await registry.card(model, version));
  }
  return cards;
}
