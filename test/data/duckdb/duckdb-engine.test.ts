import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openEngine } from '../../../src/data/duckdb/duckdb-engine.ts';
import { asidePath } from '../../../src/files/aside.ts';
import { replaceFile } from '../../../src/files/durable-files.ts';
import { newTestHome } from '../../helpers/snapshot.ts';

/** More than fits into the memory that is left to it. */
const BIG_SORT = 'select count(*) from (select hash(range) h from range(3_000_000) order by h) where h >= 0';

it('every engine has its own spill folder, which is removed when the engine is closed', async () => {
  const folder = await newTestHome();
  const engines = await Promise.all(
    [1, 2, 3].map(() => openEngine(':memory:', { readOnly: false, spillIn: folder })),
  );
  const connections = await Promise.all(engines.map((engine) => engine.connect()));
  for (const connection of connections) await connection.run("set memory_limit = '30MB'");
  const spilled = new Set<string>();
  const watching = setInterval(() => {
    for (const name of readdirSync(folder)) spilled.add(name);
  }, 5);
  const counts = await Promise.all(
    connections.map(async (connection) => (await connection.runAndReadAll(BIG_SORT)).getRows()),
  );
  clearInterval(watching);
  expect(counts.flat(2)).toEqual([3_000_000n, 3_000_000n, 3_000_000n]);
  expect(spilled.size).toBe(3);
  for (const connection of connections) connection.closeSync();
  for (const engine of engines) engine.closeSync();
  expect(readdirSync(folder)).toEqual([]);
});

it('the spill folder of a killed process is removed at the next write beside it', async () => {
  const folder = await newTestHome();
  const dead = `${asidePath(folder)}.spill`.replace(`-${process.pid}-`, '-999999999-');
  mkdirSync(dead);
  utimesSync(dead, 0, 0);
  await replaceFile(join(folder, 'current.json'), '{}');
  expect(readdirSync(folder)).toEqual(['current.json']);
});
