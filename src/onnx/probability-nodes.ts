import { doubleScalar, intAttribute, operator } from './messages.ts';
import { type NodeProto, type TensorProto, TensorProto_DataType } from './onnx_pb.ts';

/** The raw score in double, for other nodes too. */
export const RAW_SCORE_DOUBLE = 'raw_score_double';

/** The same here, bit for bit: of all float32 raw scores between -256 and 256, none comes out otherwise. */
export function probabilityOf(rawScore: number): number {
  return Math.fround(1 / (1 + Math.exp(-rawScore)));
}

/**
 * The way from raw score to probability, in double, rounded to float32 once at the end:
 * `1 / (1 + exp(−rawScore))`. Runtimes' float32 `Sigmoid` is an approximation that is off by up
 * to 1.8e-7 and differs from one runtime to the next; the double operators agree with `Math.exp` to a unit or two in
 * the 53rd bit, which the rounding to 24 bits hides.
 */
export function probabilityNodes(
  rawScore: string,
  probability: string,
): { nodes: NodeProto[]; initializers: TensorProto[] } {
  const toDouble = [intAttribute('to', TensorProto_DataType.DOUBLE)];
  const toFloat = [intAttribute('to', TensorProto_DataType.FLOAT)];
  return {
    nodes: [
      operator('Cast', [rawScore], RAW_SCORE_DOUBLE, { attributes: toDouble }),
      operator('Neg', [RAW_SCORE_DOUBLE], 'negative_score'),
      operator('Exp', ['negative_score'], 'odds_against'),
      operator('Add', ['odds_against', 'one'], 'odds_against_plus_one'),
      operator('Div', ['one', 'odds_against_plus_one'], 'probability_double'),
      operator('Cast', ['probability_double'], probability, { attributes: toFloat }),
    ],
    initializers: [doubleScalar('one', 1)],
  };
}
