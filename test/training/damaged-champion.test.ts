import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadChampion } from '../../src/registry/champion.ts';
import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION, type ModelRegistry } from '../../src/registry/model-registry.ts';
import { promoteIfBetter } from '../../src/training/promotion.ts';
import { modelDraft } from '../helpers/model-draft.ts';

const MODEL = 'customer_churn_predictor';

let home: string;
let registry: ModelRegistry;
let champion: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'churn-mcp-champion-'));
  registry = openRegistry(home, { now: () => new Date('2026-02-03T12:00:00Z') });
  const card = await registry.register(modelDraft());
  champion = card.version;
  await registry.setAlias(MODEL, CHAMPION, champion);
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = () => join(home, 'registry', MODEL, champion);

describe('a damaged champion', () => {
  it.each([
    ['whose ONNX file is damaged', () => appendFileSync(join(folder(), 'model.onnx'), 'x')],
    ['whose trees are damaged', () => appendFileSync(join(folder(), 'trees.json'), 'x')],
    ['whose card is damaged', () => writeFileSync(join(folder(), 'card.json'), '{')],
    ['whose checksums are gone', () => rmSync(join(folder(), 'SHA256SUMS'))],
    ['whose folder is gone', () => rmSync(folder(), { recursive: true })],
    ['whose alias cannot be read', () => writeFileSync(join(folder(), '..', 'aliases.json'), '{')],
  ])('is replaced by the next version, and the answer says so: %s', async (_, damage) => {
    const next = await registry.register(modelDraft(MODEL, 2));
    damage();
    expect((await loadChampion(registry, MODEL)).kind).toBe('unusable');
    const compare = () => Promise.reject(new Error('it cannot be compared'));
    const { promoted, promotion } = await promoteIfBetter(next, compare, { registry });
    expect(promoted).toBe(true);
    expect(promotion).toMatch(/^The champion is damaged or missing/);
    expect((await registry.load(MODEL)).card.version).toBe(next.version);
  });
});
