/** A champion whose files are damaged or gone: what the error advises mends it. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { newTestHome } from '../helpers/snapshot.ts';
import { runHere } from './program-here.ts';
import { IS_FULL, TIMEOUT_MS } from './scale.ts';
import { makeTrainedHome } from './trained-home.ts';

const MODEL = 'customer_churn_predictor';
const ASK = ['call', 'get_churn_metrics', '{"label":"inactivity"}'];
const WAYS = {
  'a training': ['call', 'train_churn_model', '{"label":"inactivity","params":{"n_estimators":3}}'],
  retrain: ['retrain', '--model', MODEL],
} as const;
const DAMAGES = [
  'model.onnx',
  'its folder',
  'card.json',
  'trees.json',
  'SHA256SUMS',
  'aliases.json',
] as const;

let trained: string;
beforeAll(async () => {
  trained = await makeTrainedHome(200, ['inactivity']);
}, TIMEOUT_MS);

function versionsIn(home: string): string[] {
  return readdirSync(join(home, 'registry', MODEL)).filter((name) => name.startsWith('v_'));
}

/** Flips a bit in a file of the champion, or removes its folder. */
function damage(home: string, what: (typeof DAMAGES)[number]): void {
  const model = join(home, 'registry', MODEL);
  const version = join(model, versionsIn(home)[0]);
  if (what === 'its folder') {
    rmSync(version, { recursive: true });
    return;
  }
  const file = what === 'aliases.json' ? join(model, what) : join(version, what);
  const bytes = readFileSync(file);
  bytes[bytes.length >> 1] ^= 1;
  writeFileSync(file, bytes);
}

describe.each(Object.entries(WAYS))('a damaged champion is replaced by %s', (_, command) => {
  it.each(IS_FULL ? DAMAGES : DAMAGES.slice(0, 2))(
    'if what is damaged is %s',
    { timeout: TIMEOUT_MS },
    async (what) => {
      const home = await newTestHome();
      cpSync(trained, home, { recursive: true });
      damage(home, what);
      const before = await runHere(ASK, home);
      expect(before.code, before.stdout).not.toBe(0);
      const { code, stdout, stderr } = await runHere(command, home);
      expect([code, stderr]).toEqual([0, stderr]);
      expect(stdout).toContain('The champion is damaged or missing');
      const after = await runHere(ASK, home);
      expect(after.code, after.stderr).toBe(0);
      expect(versionsIn(home).some((version) => after.stdout.includes(`${MODEL} ${version}`))).toBe(true);
    },
  );
});
