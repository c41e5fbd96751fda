import type { CallOptions } from '../mcp/tool-context.ts';
import { openOrTrain, type ServiceParts } from './service-parts.ts';

/** The data and the model for recommending: the named version or the champion, which is trained now if there is none. */
export async function recommendationSource(
  parts: ServiceParts,
  version: string | undefined,
  call: CallOptions,
) {
  const served = await openOrTrain(parts, 'product_recommendation', version, call);
  const { opened, data } = served;
  return {
    ...served,
    source: { data, scorer: opened.scorer, card: opened.version.card, signal: call.signal },
  };
}
