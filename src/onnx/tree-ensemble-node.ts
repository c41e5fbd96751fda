import type { Tree, TreeEnsemble } from '../gbdt/tree.ts';
import {
  floatsAttribute,
  intAttribute,
  intsAttribute,
  operator,
  stringAttribute,
  stringsAttribute,
} from './messages.ts';
import type { NodeProto } from './onnx_pb.ts';

/**
 * All trees as one `TreeEnsembleRegressor` (ai.onnx.ml 3). The operator's true branch is our left child:
 *
 * - `BRANCH_LT` is our rule, `value < threshold` in float32. `BRANCH_LEQ` would need each threshold moved by one ulp.
 * - NaN compares false, so it goes right, unless `nodes_missing_value_tracks_true` sends it left.
 * - The base score is a first tree of one leaf. `base_values`, or an addition afterwards, would be added last and so
 *   round differently: our raw score starts from the base score.
 */
export function treeEnsembleNode(
  { trees, baseScore }: Pick<TreeEnsemble, 'trees' | 'baseScore'>,
  input: string,
  output: string,
): NodeProto {
  const table = new NodeTable();
  table.addLeafOnlyTree(baseScore);
  for (const tree of trees) table.addTree(tree);
  return operator('TreeEnsembleRegressor', [input], output, {
    domain: 'ai.onnx.ml',
    attributes: [
      stringAttribute('aggregate_function', 'SUM'),
      intAttribute('n_targets', 1),
      intsAttribute('nodes_falsenodeids', table.falseNodeIds),
      intsAttribute('nodes_featureids', table.featureIds),
      intsAttribute('nodes_missing_value_tracks_true', table.missingTracksTrue),
      stringsAttribute('nodes_modes', table.modes),
      intsAttribute('nodes_nodeids', table.nodeIds),
      intsAttribute('nodes_treeids', table.treeIds),
      intsAttribute('nodes_truenodeids', table.trueNodeIds),
      floatsAttribute('nodes_values', table.values),
      stringAttribute('post_transform', 'NONE'),
      intsAttribute('target_ids', table.targetIds),
      intsAttribute('target_nodeids', table.targetNodeIds),
      intsAttribute('target_treeids', table.targetTreeIds),
      floatsAttribute('target_weights', table.targetWeights),
    ],
  });
}

/** The operator's parallel attributes: one entry per node, and one target entry per leaf. */
class NodeTable {
  readonly treeIds: number[] = [];
  readonly nodeIds: number[] = [];
  readonly modes: string[] = [];
  readonly featureIds: number[] = [];
  readonly values: number[] = [];
  readonly trueNodeIds: number[] = [];
  readonly falseNodeIds: number[] = [];
  readonly missingTracksTrue: number[] = [];
  readonly targetTreeIds: number[] = [];
  readonly targetNodeIds: number[] = [];
  readonly targetIds: number[] = [];
  readonly targetWeights: number[] = [];
  private treeCount = 0;

  addLeafOnlyTree(leafValue: number): void {
    this.addLeaf(this.treeCount++, 0, leafValue);
  }

  addTree(tree: Tree): void {
    const treeId = this.treeCount++;
    for (let node = 0; node < tree.splitFeatures.length; node++) {
      if (tree.splitFeatures[node] < 0) {
        this.addLeaf(treeId, node, tree.leafValues[node]);
      } else {
        this.addNode(treeId, node, 'BRANCH_LT');
        this.featureIds.push(tree.splitFeatures[node]);
        this.values.push(tree.thresholds[node]);
        this.trueNodeIds.push(tree.leftChildren[node]);
        this.falseNodeIds.push(tree.rightChildren[node]);
        this.missingTracksTrue.push(tree.defaultLeft[node]);
      }
    }
  }

  private addLeaf(treeId: number, node: number, leafValue: number): void {
    this.addNode(treeId, node, 'LEAF');
    // Unused at a leaf, but the attributes must all have one entry per node.
    for (const unused of [this.featureIds, this.values, this.trueNodeIds, this.falseNodeIds]) unused.push(0);
    this.missingTracksTrue.push(0);
    this.targetTreeIds.push(treeId);
    this.targetNodeIds.push(node);
    this.targetIds.push(0);
    this.targetWeights.push(leafValue);
  }

  private addNode(treeId: number, node: number, mode: 'BRANCH_LT' | 'LEAF'): void {
    this.treeIds.push(treeId);
    this.nodeIds.push(node);
    this.modes.push(mode);
  }
}
