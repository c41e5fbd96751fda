import { readFileSync } from 'node:fs';
import { createScorer } from '../../src/scoring/onnx-scorer.ts';
import { matrixOf } from '../helpers/random-trees.ts';

/** A process of its own that scores with the file given, and asks for what must fail. Exits 0 where both went as they should. */
const onnx = readFileSync(process.argv[2] ?? '');
const scorer = await createScorer(onnx);
const scores = await scorer.score(matrixOf(scorer.featureNames, [[1, 2]]));
const damaged = onnx.map((byte, index) => (index > 40 && index < 400 ? 255 - byte : byte));
const refused = await createScorer(damaged).then(
  () => false,
  () => true,
);
process.exitCode = scores.length === 1 && refused ? 0 : 1;
