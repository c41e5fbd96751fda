import { create, toBinary } from '@bufbuild/protobuf';
import { ChurnMcpError } from '../errors.ts';
import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import { doubleMatrix, floatMatrix, intAttribute, operator, stringEntries } from './messages.ts';
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  OperatorSetIdProtoSchema,
  TensorProto_DataType,
} from './onnx_pb.ts';
import { probabilityNodes, RAW_SCORE_DOUBLE } from './probability-nodes.ts';
import { treeEnsembleNode } from './tree-ensemble-node.ts';

/** The tensors of every exported file; N is the number of rows, free. */
export const INPUT_FEATURES = 'features';
export const OUTPUT_RAW_SCORE = 'raw_score';
export const OUTPUT_PROBABILITY = 'probability';
/** Of models that rank by more than their raw score: in double, the raw score and the sum of the ranking trees. */
export const OUTPUT_RANK_SCORE = 'rank_score';
const RANKING_SUM = 'ranking_sum';
/** The metadata entry that holds the feature names, in column order, as a JSON array. */
export const FEATURE_NAMES_KEY = 'feature_names';

/** IR 8 with these operator sets is what every runtime since 2022 reads. */
const IR_VERSION = 8n;
const OPERATOR_SETS = [
  { domain: '', version: 17n },
  { domain: 'ai.onnx.ml', version: 3n },
];

export interface OnnxExportOptions {
  /** Name of the graph: the registered model's. */
  readonly model: string;
  /** Further entries of the file's metadata, written in the order of their keys. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes an ensemble as an ONNX file that alone, fed raw feature columns, gives the probability:
 *
 *     features [N, F] float ─ TreeEnsembleRegressor ─┬─────────────────────────── raw_score   [N, 1] float
 *                                                    └ sigmoid ── probability           [N, 1] float
 *
 * A model that ranks has a second node of trees, and with it a third output:
 *
 *     features [N, F] float ─ TreeEnsembleRegressor ─ + raw_score, both in double ── rank_score [N, 1] double
 *
 * A missing value is NaN. The raw score is, bit for bit, the float32 sum of base score and leaves in the order of the
 * trees, wherever a runtime sums on one thread (onnxruntime with `intra_op_num_threads` 1; more threads move the last
 * bits). The same ensemble and options always give the same bytes.
 */
export function exportOnnx(ensemble: TreeEnsemble, options: OnnxExportOptions): Uint8Array {
  const featureCount = ensemble.featureNames.length;
  if (featureCount === 0) throw new ChurnMcpError('INTERNAL', 'A model without features cannot be exported.');
  const trees = treeEnsembleNode(ensemble, INPUT_FEATURES, OUTPUT_RAW_SCORE);
  const probability = probabilityNodes(OUTPUT_RAW_SCORE, OUTPUT_PROBABILITY);
  const graph = create(GraphProtoSchema, {
    name: options.model,
    node: [trees, ...probability.nodes, ...(ensemble.rankingTrees ? rankNodes(ensemble.rankingTrees) : [])],
    initializer: probability.initializers,
    input: [floatMatrix(INPUT_FEATURES, 'N', featureCount)],
    output: [
      floatMatrix(OUTPUT_RAW_SCORE, 'N', 1),
      floatMatrix(OUTPUT_PROBABILITY, 'N', 1),
      ...(ensemble.rankingTrees ? [doubleMatrix(OUTPUT_RANK_SCORE, 'N', 1)] : []),
    ],
  });
  return modelProto(graph, ensemble.featureNames, { ...options.metadata, model: options.model });
}

function rankNodes(rankingTrees: readonly Tree[]): NodeProto[] {
  const toDouble = [intAttribute('to', TensorProto_DataType.DOUBLE)];
  return [
    treeEnsembleNode({ trees: rankingTrees, baseScore: 0 }, INPUT_FEATURES, RANKING_SUM),
    operator('Cast', [RANKING_SUM], 'ranking_sum_double', { attributes: toDouble }),
    operator('Add', [RAW_SCORE_DOUBLE, 'ranking_sum_double'], OUTPUT_RANK_SCORE),
  ];
}

/** The file around a graph: versions, feature names and metadata. */
export function modelProto(
  graph: GraphProto,
  featureNames: readonly string[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'churn-mcp',
    opsetImport: OPERATOR_SETS.map((set) => create(OperatorSetIdProtoSchema, set)),
    graph,
    metadataProps: stringEntries({ ...metadata, [FEATURE_NAMES_KEY]: JSON.stringify(featureNames) }),
  });
  return toBinary(ModelProtoSchema, model);
}
