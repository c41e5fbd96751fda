import type { DataFreshness } from '../data/data-freshness.ts';
import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import type { WaitingRows } from '../ingest/waiting-rows.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ServiceParts } from './service-parts.ts';
import { withUsedData } from './used-data.ts';

/** A log with very many small frames takes longer to count the first time; an answer does not wait for that. */
const LONGEST_COUNT_MS = 100;

export function createFreshnessService(parts: ServiceParts): ToolContext['freshness'] {
  const { home, isInSnowflake, now } = parts;
  const positions = new WeakMap<DataSource, Promise<number | undefined>>();
  let waiting: Promise<WaitingRows> | undefined;

  const positionIn = (source: DataSource): Promise<number | undefined> => {
    const known = positions.get(source) ?? readPosition(source);
    positions.set(source, known);
    return known;
  };

  async function waitingRowsOf(position: number): Promise<number | undefined> {
    waiting ??= import('../ingest/waiting-rows.ts').then(({ WaitingRows }) => new WaitingRows(home, now));
    const rows = await waiting;
    // The refresh that meets a damaged log names it; this answer can be given.
    const count = rows.countAfter(position).catch(() => undefined);
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), LONGEST_COUNT_MS).unref();
    });
    return await Promise.race([count, late]);
  }

  async function freshnessOf(source: DataSource): Promise<DataFreshness | undefined> {
    try {
      const { lastOrderDate: ordersUntil } = await source.summary();
      if (isInSnowflake) return { kind: 'orders in Snowflake', ordersUntil, isLive: true };
      const position = await positionIn(source);
      const waitingRows = await waitingRowsOf(position ?? 0);
      const isLive = position !== undefined || waitingRows !== undefined;
      return { kind: 'orders', ordersUntil, refreshedAt: source.madeAt, isLive, waitingRows };
    } catch (error) {
      // The data was replaced and closed meanwhile: the answer is right, only older than what could be said of it.
      if (error instanceof ChurnMcpError) return undefined;
      throw error;
    }
  }

  return {
    now,
    async ofAnswer(answer) {
      const { result, data: source } = await withUsedData(answer);
      return { result, freshness: source && (await freshnessOf(source)) };
    },
    async ofTable(): Promise<DataFreshness> {
      const { tableImportedAt } = await import('../data/feature-table/feature-table-home.ts');
      return { kind: 'table', refreshedAt: await tableImportedAt(home), isLive: false };
    },
  };
}

async function readPosition(source: DataSource): Promise<number | undefined> {
  const { foldedPosition } = await import('../ingest/folded-position.ts');
  return await foldedPosition(source);
}
