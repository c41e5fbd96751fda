import { openRegistry } from '../../src/registry/file-registry.ts';
import { CHAMPION } from '../../src/registry/model-registry.ts';
import { modelDraft } from '../helpers/model-draft.ts';

/**
 * A process of its own that registers and promotes in a loop until it is killed, or as often as the second argument
 * says. It prints a line after each promotion, so that the test knows what must still be there.
 */
const [home = '', rounds = 'Infinity', seed = '0'] = process.argv.slice(2);
const registry = openRegistry(home, { now: () => new Date('2026-02-03T12:00:00Z') });
for (let round = 0; round < Number(rounds); round++) {
  const card = await registry.register(modelDraft('customer_churn_predictor', Number(seed) * 1000 + round));
  await registry.setAlias('customer_churn_predictor', CHAMPION, card.version);
  process.stdout.write(`${card.version} ${card.files['model.onnx']}\n`);
}
