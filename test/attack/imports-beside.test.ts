/** Many imports beside one server: it keeps no snapshot that was replaced, and its memory stays flat. */
import { readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connectHttp } from '../helpers/http-server.ts';
import { newTestHome } from '../helpers/snapshot.ts';
import { startMeteredServer } from './metered-server.ts';
import { runHere } from './program-here.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { writeOrders } from './small-shop.ts';

const IMPORTS = IS_FULL ? 40 : 6;

/** Files of the home folder that a process has open although they were deleted. */
function deletedFilesOf(pid: number | undefined, home: string): string[] {
  const targets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return targets.filter((target) => target.startsWith(home) && target.endsWith(' (deleted)'));
}

const listedSchema = z.looseObject({ text: z.string() });

describe.skipIf(process.platform !== 'linux')('a server beside imports', () => {
  it(`answers from the newest of ${IMPORTS}, and holds none of the others open`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const home = await newTestHome();
    const folder = await newTestHome();
    const files = [0, 1].map((variant) => writeOrders(folder, variant));
    await runHere(['import', '--orders', files[1]], home);
    const { server, url } = await startMeteredServer({ CHURN_MCP_HOME: home });
    await using _server = server;
    const client = await connectHttp(url);
    const ask = async () => {
      const { structuredContent } = await client.callTool({
        name: 'get_cohort_retention',
        arguments: { by: 'segment' },
      });
      return listedSchema.parse(structuredContent).text;
    };
    await ask();
    const before = { memory: server.memory(), files: server.openFiles() };
    const deleted: number[] = [];
    for (let i = 0; i < IMPORTS; i++) {
      const { code, stderr } = await runHere(['import', '--orders', files[i % 2]], home);
      expect([code, stderr]).toEqual([0, stderr]);
      await Promise.all([ask(), ask(), ask()]);
      deleted.push(deletedFilesOf(server.child.pid, home).length);
    }
    const after = { memory: server.memory(), files: server.openFiles() };
    process.stderr.write(
      `imports beside a server: at most ${Math.max(...deleted)} deleted files open; ${before.files} to ${after.files} open files, ${before.memory.toFixed(0)} to ${after.memory.toFixed(0)} MB\n`,
    );
    await client.close();
    // The one before is kept for calls that still read it, and closes soon.
    expect(Math.max(...deleted)).toBeLessThanOrEqual(1);
    expect(after.files).toBeLessThanOrEqual(before.files + 3);
    expect(after.memory).toBeLessThan(before.memory + 100);
  });
});
