import type { DataFreshness } from '../data/data-freshness.ts';
import type { DataSource } from '../data/data-source.ts';
import { ChurnMcpError } from '../errors.ts';
import type { WaitingRows } from '../ingest/waiting-rows.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import type { ServiceParts } from './service-parts.ts';

/** A log with very many small frames takes longer to count the first time; an answer does not wait for that. */
const LONGEST_COUNT_MS = 100;

export function createFreshnessService(parts: ServiceParts): ToolContext['freshness'] {
  const { home, data, isInSnowflake, now } = parts;
  const positions = new WeakMap<DataSource, Promise<number | undefined>>();
  let waiting: WaitingRows | undefined;

  const positionIn = async (source: DataSource): Promise<number | undefined> => {
    const { foldedPosition } = await import('../ingest/folded-position.ts');
    const known = positions.get(source) ?? foldedPosition(source);
    positions.set(source, known);
    return known;
  };

  async function waitingRowsOf(position: number): Promise<number | undefined> {
    const { WaitingRows } = await import('../ingest/waiting-rows.ts');
    waiting ??= new WaitingRows(home);
    // The refresh that meets a damaged log names it; this answer can be given.
    const count = waiting.countAfter(position).catch(() => undefined);
    const late = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), LONGEST_COUNT_MS).unref();
    });
    return await Promise.race([count, late]);
  }

  return {
    now,
    async ofOrders() {
      try {
        await using borrowed = await data.borrow();
        const { lastOrderDate: ordersUntil } = await borrowed.data.summary();
        if (isInSnowflake) return { kind: 'orders in Snowflake', ordersUntil, isLive: true };
        const position = await positionIn(borrowed.data);
        const waitingRows = await waitingRowsOf(position ?? 0);
        const isLive = position !== undefined || waitingRows !== undefined;
        return { kind: 'orders', ordersUntil, refreshedAt: borrowed.data.madeAt, isLive, waitingRows };
      } catch (error) {
        // Without data there is nothing to tell, and the answer itself says what is wrong.
        if (error instanceof ChurnMcpError) return undefined;
        throw error;
      }
    },
    async ofTable(): Promise<DataFreshness> {
      const { tableImportedAt } = await import('../data/feature-table/feature-table-home.ts');
      return { kind: 'table', refreshedAt: await tableImportedAt(home), isLive: false };
    },
  };
}
