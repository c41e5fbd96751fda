/** What commands do for all customers at once. */
import { createExportService } from './export-service.ts';
import { recommendationSource } from './recommendation-source.ts';
import { recordingOf } from './recorded-scores.ts';
import type { ServiceParts } from './service-parts.ts';
import type { BatchService } from './services.ts';

export function createBatchService(parts: ServiceParts): BatchService {
  const { home, registry, scorers } = parts;
  return {
    async score({ model, version, asOf, withReasons = false }, { signal }) {
      const { scoreList } = await import('../scoring/scored-list.ts');
      // Scoring trains nothing, so a home without orders is told before a model that is missing.
      await using borrowed = await parts.data.borrow();
      const { data } = borrowed;
      const opened = await scorers.open(model, version);
      const recording = await recordingOf(parts, opened);
      return await scoreList({ asOf, withReasons }, { ...opened, ...recording, data, signal });
    },
    async scoreTable({ version, file, writing }, { signal }) {
      const { scoreTable } = await import('../scoring/score-table.ts');
      const registered = await registry.load('customer_churn_column', version);
      return scoreTable({ home, version: registered, ...(file !== undefined && { file }), writing, signal });
    },
    describeCustomers: createExportService(parts).describe,
    importModel: (request, call) => parts.trainings.importModel(request, call),
    async rollRecommendations(request, { signal, onProgress }) {
      const { rollRecommendations } = await import('../training/rolling-origin.ts');
      const { trainer, now } = parts;
      await using borrowed = await parts.data.borrow();
      return await rollRecommendations(request, borrowed.data, {
        registry,
        trainer,
        now,
        signal,
        onProgress,
      });
    },
    async *recommendInBatches(request, call) {
      const { recommendInBatches } = await import('../recommend/recommend-for-everyone.ts');
      await using served = await recommendationSource(parts, request.version, call);
      const { source } = served;
      yield* recommendInBatches(request, { ...source, ...call });
    },
  };
}
