/**
 * Homes that many test files begin with. Each is made once per run, by the first file that wants it; every file gets a copy
 * of its own, so none sees what another does to it.
 */
import { cp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDemoShop } from '../../src/data/demo/create-demo-shop.ts';
import { runCli } from './cli-process.ts';
// Declares the folder that the run provides.
import type {} from './run-folder.ts';
import { newTestHome } from './snapshot.ts';

const DEMO_DAY = '2026-01-31';

const MAKERS = {
  /** 300 customers, no model. */
  'demo shop': async (home: string) => {
    await createDemoShop({ home, customers: 300, seed: 42, asOf: DEMO_DAY });
  },
  /** The same shop, and the three models that the demo trains. */
  'trained demo': async (home: string) => {
    const demo = ['demo', '--customers', '300', '--as-of', DEMO_DAY, '--quiet'];
    const { code, stderr } = await runCli(demo, { CHURN_MCP_HOME: home });
    if (code !== 0) throw new Error(`the demo ends with ${code}: ${stderr}`);
  },
} as const;

export type SharedHome = keyof typeof MAKERS;

/** A new home folder that begins as the shared one of this name; removed with the test file's other homes. */
export async function copyOfHome(name: SharedHome): Promise<string> {
  const copy = await newTestHome();
  await cp(await sharedHome(name), copy, { recursive: true });
  return copy;
}

async function sharedHome(name: SharedHome): Promise<string> {
  const shared = join(inject('runFolder'), name.replaceAll(' ', '-'));
  if (await isThere(shared)) return shared;
  const made = await newTestHome();
  await MAKERS[name](made);
  try {
    await rename(made, shared);
  } catch (error) {
    // Two files wanted it at once, and the other one was faster.
    if (!(await isThere(shared))) throw error;
    await rm(made, { recursive: true, force: true });
  }
  return shared;
}

function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
