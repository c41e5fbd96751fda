/** What must hold in a home folder at any moment, whatever was killed in it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openDataHome } from '../../src/data/data-home.ts';
import { tryLock } from '../../src/data/duckdb/file-lock.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';

/** Sentences on what does not hold; none if all is well. */
export async function problemsIn(home: string, knownOrderCounts: readonly number[]): Promise<string[]> {
  return [
    ...(await problemsOfData(home, knownOrderCounts)),
    ...(await problemsOfModels(home)),
    ...(await problemsOfLock(home)),
    ...openToOthers(home),
  ];
}

async function problemsOfData(home: string, known: readonly number[]): Promise<string[]> {
  await using provider = openDataHome(home);
  try {
    const { orders } = await (await provider.current()).summary();
    return known.includes(orders) ? [] : [`the data has ${orders} orders, as no import had`];
  } catch (error) {
    return [`the data cannot be read: ${error}`];
  }
}

async function problemsOfModels(home: string): Promise<string[]> {
  const registry = openRegistry(home, { now: () => new Date() });
  const problems: string[] = [];
  for (const { card, aliases } of await registry.list()) {
    await registry
      .load(card.model, card.version)
      .catch((error) => problems.push(`${card.version}: ${error}`));
    if (aliases.length > 1) problems.push(`${card.version} has aliases ${aliases}`);
  }
  const champion = await registry.resolveAlias('customer_churn_predictor', 'champion');
  const versions = await registry.list('customer_churn_predictor');
  if (champion === undefined && versions.length > 1) problems.push('there are versions, and no champion');
  return problems;
}

async function problemsOfLock(home: string): Promise<string[]> {
  const lock = await tryLock(join(home, 'training.lock'));
  await lock?.[Symbol.asyncDispose]();
  return lock ? [] : ['nobody trains, and the training lock is held'];
}

export function pathsIn(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' });
}

export function openToOthers(home: string): string[] {
  return pathsIn(home)
    .filter((path) => ((statSync(join(home, path), { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0)
    .map((path) => `${path} is open to other users`);
}

/** What nobody works on any more and nobody removed. */
export function leftoversIn(home: string): string[] {
  return pathsIn(home).filter((path) => /\.tmp|\.writing|\.spill|building\/./.test(path));
}
