/** The overview, which is what a person sees first: the usual one is kept, because a large shop's takes seconds. */
import type { DataSource } from '../data/data-source.ts';
import { homeLayout } from '../data/home-layout.ts';
import { ChurnMcpError } from '../errors.ts';
import type { CallOptions } from '../mcp/tool-context.ts';
import type { ScoringEnvironment } from '../scoring/score-customers.ts';
import type { OverviewRequest, OverviewSources, ShopOverview } from '../scoring/shop-overview.ts';
import { recordingOf } from './recorded-scores.ts';
import { createServiceParts, type ServiceParts } from './service-parts.ts';

/** The overview that is kept, or a new one. */
export async function overviewOf(
  home: string,
  request: OverviewRequest,
  sources: OverviewSources,
): Promise<ShopOverview> {
  const { LAST_IMPORT, readOverview } = await import('../scoring/shop-overview.ts');
  if (request.compareWith === LAST_IMPORT) {
    const { openPreviousSnapshot } = await import('../data/previous-snapshot.ts');
    await using previous = await openPreviousSnapshot(home);
    return await readOverview(request, { ...sources, previous });
  }
  const { isKeptRequest, keepOverview, readKeptOverview } = await import('../scoring/kept-overview.ts');
  const { data, forecast } = sources;
  const isKept = forecast !== undefined && isKeptRequest(request);
  const kept = isKept && (await readKeptOverview(home, request, { data, card: forecast.version.card }));
  if (kept) return kept;
  const overview = await readOverview(request, sources);
  if (isKept) await keepOverview(home, request, { data, overview });
  return overview;
}

/**
 * Keeps the overview and the scores of a forecast before it becomes the champion and everybody asks for them at once. A failure
 * loses nothing but time.
 */
export async function keepOverviewAhead(
  parts: ServiceParts,
  version: string,
  { signal, onProgress }: CallOptions,
): Promise<void> {
  try {
    onProgress?.({
      phase: 'overview',
      done: 0,
      total: 1,
      message: 'Scoring every customer for the overview',
    });
    const { USUAL_MONTHS } = await import('../scoring/shop-overview.ts');
    const { keptProspectsOf } = await import('../scoring/kept-prospects.ts');
    await using borrowed = await parts.data.borrow();
    const { data } = borrowed;
    const opened = await parts.scorers.open('customer_churn_forecast', version);
    const keptProspects = keptProspectsOf(parts.home, version, async () => true);
    const recording = await recordingOf(parts, opened);
    const forecast = { ...opened, ...recording, keptProspects, data, signal };
    await overviewOf(parts.home, { filter: {}, months: USUAL_MONTHS }, { data, forecast, signal });
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
  }
}

/** The refresh waits so long at most, however large the shop is. */
const LONGEST_AHEAD_MS = 5000;

/**
 * Keeps the overview and the scores of a snapshot before it becomes current, so that the first answers from it need not
 * compute them while all others wait too. Nothing is recorded: another snapshot may become current instead.
 */
export async function keepOverviewOf(snapshotId: string, home: string, signal: AbortSignal): Promise<void> {
  const { DuckDBDataSource } = await import('../data/duckdb/duckdb-data-source.ts');
  const { snapshot, data: spillIn } = homeLayout(home);
  await using source = await DuckDBDataSource.open(snapshot(snapshotId), spillIn);
  const pinned = {
    current: async () => source,
    borrow: async () => ({ data: source, [Symbol.asyncDispose]: async () => undefined }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  await using parts = createServiceParts({ home }, pinned);
  const within = { signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_AHEAD_MS)]) };
  try {
    const opened = await parts.scorers.open('customer_churn_forecast');
    const { USUAL_MONTHS } = await import('../scoring/shop-overview.ts');
    const sources = { data: source, forecast: { ...opened, data: source, ...within }, ...within };
    await overviewOf(home, { filter: {}, months: USUAL_MONTHS }, sources);
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
  }
}

/** The forecast that answers; undefined if none has been trained. */
export async function forecastIfAny(
  parts: ServiceParts,
  data: DataSource,
  { signal }: CallOptions,
): Promise<ScoringEnvironment | undefined> {
  const version = await parts.scorers.championOf('customer_churn_forecast');
  if (version === undefined) return undefined;
  const opened = await parts.scorers.open('customer_churn_forecast', version);
  return { ...opened, ...(await recordingOf(parts, opened)), data, signal };
}
