import { listSegments, logLayout } from '../../src/ingest/log-layout.ts';
import { readFrames } from '../../src/ingest/segment-reader.ts';

/** The rows of a home's log, in their order. */
export async function rowsInLog(home: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const first of await listSegments(home)) {
    for await (const { parts, contents } of readFrames(logLayout(home).segment(first))) {
      for (const [at, { kind }] of parts.entries()) {
        if (kind === 'state') continue;
        const lines = contents[at]?.toString('utf8').trimEnd().split('\n') ?? [];
        rows.push(...lines.map((line) => JSON.parse(line)));
      }
    }
  }
  return rows;
}
