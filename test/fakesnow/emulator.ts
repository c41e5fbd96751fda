/** fakesnow as a process: installed from PyPI into a folder of its own, with the shims of `serve.py`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { SHOP_TABLE_NAMES } from '../../src/data/shop-tables.ts';
import { packageRoot } from '../../src/package-root.ts';
import { freePort } from '../helpers/free-port.ts';
import { installPythonPackages } from '../helpers/python-packages.ts';

const here = join(packageRoot(), 'test', 'fakesnow');
const folder = join(packageRoot(), '.fakesnow');

/** Installs what `requirements.txt` names from PyPI, once. */
export async function installFakesnow(): Promise<void> {
  await installPythonPackages(folder, readFileSync(join(here, 'requirements.txt'), 'utf8'));
}

/** Writes the shop's tables of a snapshot as the files that the emulator reads a database from. */
export async function exportShop(snapshot: string, databaseFolder: string): Promise<void> {
  mkdirSync(databaseFolder, { recursive: true });
  const instance = await DuckDBInstance.create(snapshot, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  for (const table of SHOP_TABLE_NAMES) {
    const file = join(databaseFolder, `${table.toUpperCase()}.parquet`);
    await connection.run(`copy raw.${table} to '${file}' (format parquet)`);
  }
  connection.closeSync();
  instance.closeSync();
}

export interface Emulator extends AsyncDisposable {
  readonly url: string;
}

/** @param shops a folder with one folder per database */
export async function startEmulator(shops: string): Promise<Emulator> {
  const port = await freePort();
  const child: ChildProcess = spawn(
    join(folder, 'bin', 'python'),
    [join(here, 'serve.py'), String(port), shops],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null) throw new Error(`fakesnow ended with ${child.exitCode}`);
    await delay(100);
  }
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    },
  };
}
