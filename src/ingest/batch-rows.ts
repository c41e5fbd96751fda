import type { BatchPart } from './ingest-log.ts';
import { ROW_KINDS, type RowKind } from './row-kinds.ts';

/** Rows that become one batch: the lines of each kind, in the order in which they came. */
export class BatchRows {
  readonly #lines = new Map<RowKind, string[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(kind: RowKind, line: string): void {
    const lines = this.#lines.get(kind);
    if (lines === undefined) this.#lines.set(kind, [line]);
    else lines.push(line);
    this.#count++;
  }

  toParts(): BatchPart[] {
    return ROW_KINDS.flatMap((kind): BatchPart[] => {
      const lines = this.#lines.get(kind);
      if (lines === undefined) return [];
      return [{ kind, rows: lines.length, lines: Buffer.from(`${lines.join('\n')}\n`) }];
    });
  }
}
