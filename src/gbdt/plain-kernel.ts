import { binColumn, missingBin } from './binning.ts';
import { addToHistogram, histogramLength, reduceHistogram, subtractHistogram } from './histogram.ts';
import { sumLeafGradients } from './leaf-sums.ts';
import { computeGradients } from './loss.ts';
import { quantizeGradients } from './quantization.ts';
import { childOf, leafOfRow } from './routing.ts';
import { findBestSplitOfFeature } from './splitting.ts';
import { CANDIDATE_LENGTH, type TrainingMemory, type TrainingShape } from './training-memory.ts';
import type { TreeKernel } from './tree-kernel.ts';

/** The hot loops in plain TypeScript: what they mean, and what the fast kernel is checked against. */
export function createPlainKernel(memory: TrainingMemory, shape: TrainingShape, thread: number): TreeKernel {
  const { featureCount, threads } = shape;
  const { bins, validationBins, rowStride, nodes, packedGradients, rawScores, gradients, hessians } = memory;
  const length = histogramLength(featureCount);
  const nodeHistogram = (slot: number) => memory.nodeHistograms.subarray(slot * length, (slot + 1) * length);
  const threadHistogram = (owner: number, part: number) => {
    const index = owner * memory.nodesABatch + part;
    return memory.threadHistograms.subarray(index * length, (index + 1) * length);
  };
  const emptyHistograms = (count: number) => {
    for (let part = 0; part < count; part++) threadHistogram(thread, part).fill(0);
  };
  const addRow = (row: number, part: number) => {
    addToHistogram(bins, row * rowStride, featureCount, packedGradients[row], threadHistogram(thread, part));
  };

  return {
    binColumn(column, feature, isValidation, from, to) {
      binColumn(column, feature, memory, isValidation ? validationBins : bins, rowStride, from, to);
    },
    computeGradients(scalePosWeight, from, to) {
      const { labels, weights } = memory;
      return computeGradients(rawScores, labels, weights, scalePosWeight, gradients, hessians, from, to);
    },
    quantizeGradients(scale, from, to) {
      quantizeGradients(gradients, hessians, scale, packedGradients, from, to);
    },
    buildRoot(from, to) {
      emptyHistograms(1);
      for (let row = from; row < to; row++) addRow(row, 0);
    },
    routeAndBuild(rules, histogramCount, from, to) {
      this.route(rules, from, to);
      this.build(rules.childHistograms, histogramCount, from, to);
    },
    build(childHistograms, histogramCount, from, to) {
      emptyHistograms(histogramCount);
      for (let row = from; row < to; row++) {
        const place = childHistograms[nodes[row]];
        if (place > 0) addRow(row, place - 1);
      }
    },
    route(rules, from, to) {
      for (let row = from; row < to; row++) nodes[row] = childOf(rules, nodes[row], bins, row * rowStride);
    },
    reduce(part, slot, feature) {
      const parts = Array.from({ length: threads }, (_, owner) => threadHistogram(owner, part));
      reduceHistogram(parts, nodeHistogram(slot), feature, missingBin(memory, feature) + 1);
    },
    subtract(parentSlot, slot, siblingSlot, feature) {
      const binCount = missingBin(memory, feature) + 1;
      subtractHistogram(
        nodeHistogram(parentSlot),
        nodeHistogram(slot),
        nodeHistogram(siblingSlot),
        feature,
        binCount,
      );
    },
    searchSplit(slot, feature, candidate, sums, scale, constraints) {
      const valueBins = missingBin(memory, feature);
      const split = findBestSplitOfFeature(nodeHistogram(slot), feature, valueBins, sums, scale, constraints);
      const code = split.feature < 0 ? -1 : split.bin * 2 + (split.defaultLeft ? 1 : 0);
      memory.candidates.set(
        [split.gain, split.leftGradients, split.leftHessians, code],
        candidate * CANDIDATE_LENGTH,
      );
    },
    sumLeaves(nodeCount, scales, from, to) {
      const sums = memory.leafSums.subarray(
        thread * memory.leafSumStride,
        (thread + 1) * memory.leafSumStride,
      );
      sumLeafGradients(gradients, hessians, nodes, nodeCount, scales, sums, from, to);
    },
    addLeafValues(valuesByNode, from, to) {
      for (let row = from; row < to; row++) rawScores[row] += valuesByNode[nodes[row]];
      nodes.fill(0, from, to);
    },
    addTreeToValidation(binTree, from, to) {
      const { leafValues } = binTree.tree;
      for (let row = from; row < to; row++) {
        memory.validationRawScores[row] += leafValues[leafOfRow(binTree, validationBins, row * rowStride)];
      }
    },
  };
}
