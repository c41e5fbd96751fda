/** Completions that a client can offer while a person fills in a prompt or a resource's address. */
import type { z } from 'zod';
import { SEGMENTS } from '../customers/segments.ts';
import { PROMPTS } from '../mcp/prompts.ts';
import { REGISTERED_MODELS, registeredModelSchema } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import { guardedHandler } from './request-handlers.ts';
import { completeSchema } from './request-schemas.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';

/** The most values that the protocol allows. */
const MOST_VALUES = 100;

export function completionHandlers({ registry }: Pick<Services, 'registry'>, log: ServerLog) {
  const complete = async ({ ref, argument, context }: z.output<typeof completeSchema>) => {
    const kind =
      ref.type === 'ref/prompt'
        ? PROMPTS.find(({ name }) => name === ref.name)?.arguments[argument.name]?.completes
        : argument.name;
    const all = await candidatesOf(kind, context?.arguments?.model, registry);
    const typed = normalised(argument.value);
    const values = all.filter((value) => normalised(value).includes(typed));
    return {
      completion: {
        values: values.slice(0, MOST_VALUES),
        total: values.length,
        hasMore: values.length > MOST_VALUES,
      },
    };
  };
  return { 'completion/complete': guardedHandler('completion/complete', completeSchema, complete, log) };
}

async function candidatesOf(
  kind: string | undefined,
  model: string | undefined,
  registry: Services['registry'],
): Promise<readonly string[]> {
  switch (kind) {
    case 'segment':
      return SEGMENTS;
    case 'model':
      return REGISTERED_MODELS;
    case 'version': {
      const named = registeredModelSchema.safeParse(model);
      const versions = await registry.list(named.success ? named.data : undefined);
      return [CHAMPION, ...new Set(versions.map(({ card }) => card.version))];
    }
    default:
      return [];
  }
}

/** People type segments with spaces as often as with underscores. */
function normalised(text: string): string {
  return text.toLowerCase().replaceAll(/[\s_-]+/g, '_');
}
