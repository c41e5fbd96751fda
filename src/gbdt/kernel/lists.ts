// Gradients of lists of wanted and unwanted rows: the same operations as gbdt/ranking-loss.ts, in the same order.
import { ParameterField, RANKED_PLACES } from './layout';
import { read } from './parameters';

const LEAST_DISTANCE: f64 = 0.01;
const EXP_LIMIT: f64 = 87;
const LOG2_E: f32 = <f32>Math.LOG2E;
const ROUND_MAGIC: f32 = 12582912;
/** Lists, or runs of one, up to this many rows are sorted by insertion. */
const INSERTED: usize = 16;

// Where a thread has what it needs of one list: a part for each field, with `room` entries.
function keysOf(lists: usize): usize {
  return lists;
}

function spareKeysOf(lists: usize, room: usize): usize {
  return lists + (room << 3);
}

function lambdasOf(lists: usize, room: usize): usize {
  return lists + (room << 4);
}

function curvaturesOf(lists: usize, room: usize): usize {
  return lists + room * 24;
}

function scoresOf(lists: usize, room: usize): usize {
  return lists + (room << 5);
}

function wantedPlacesOf(lists: usize, room: usize): usize {
  return lists + room * 36;
}

function unwantedPlacesOf(lists: usize, room: usize): usize {
  return lists + room * 40;
}

// exp(x) in float32, as `expFloat32`: a step that takes a double rounds once, as there.
function exp(x: f64): f32 {
  const clamped = max(min(x, EXP_LIMIT), -EXP_LIMIT);
  const shifted = <f32>(clamped * <f64>LOG2_E) + ROUND_MAGIC;
  const n = shifted - ROUND_MAGIC;
  const r = <f32>(clamped - <f64>(n * <f32>0.693359375)) - n * <f32>-2.1219444e-4;
  let p: f32 = <f32>1.98756915e-4 * r + <f32>1.3981999507e-3;
  p = p * r + <f32>8.3334519073e-3;
  p = p * r + <f32>4.1665795894e-2;
  p = p * r + <f32>1.6666665459e-1;
  p = p * r + <f32>5.0000001201e-1;
  p = p * r * r + r + <f32>1;
  return p * reinterpret<f32>((<i32>n + 127) << 23);
}

// Sorts `count` keys from `keys` on where they are.
function insertionSort(keys: usize, count: usize): void {
  for (let next: usize = 1; next < count; next++) {
    const key = load<u64>(keys + (next << 3));
    let at = keys + (next << 3);
    while (at > keys && load<u64>(at - 8) > key) {
      store<u64>(at, load<u64>(at - 8));
      at -= 8;
    }
    store<u64>(at, key);
  }
}

// Merges two sorted runs, from … middle and middle … to, into another place.
function merge(source: usize, target: usize, from: usize, middle: usize, to: usize): void {
  let left = source + (from << 3);
  let right = source + (middle << 3);
  const leftEnd = right;
  const rightEnd = source + (to << 3);
  for (let at = target + (from << 3); at < target + (to << 3); at += 8) {
    if (right >= rightEnd || (left < leftEnd && load<u64>(left) < load<u64>(right))) {
      store<u64>(at, load<u64>(left));
      left += 8;
    } else {
      store<u64>(at, load<u64>(right));
      right += 8;
    }
  }
}

// Sorts keys; returns where they are then: in their own place, or in the other.
function sort(keys: usize, spare: usize, count: usize): usize {
  for (let from: usize = 0; from < count; from += INSERTED) {
    insertionSort(keys + (from << 3), min(INSERTED, count - from));
  }
  let source = keys;
  let target = spare;
  for (let width = INSERTED; width < count; width <<= 1) {
    for (let from: usize = 0; from < count; from += width << 1) {
      merge(source, target, from, min(from + width, count), min(from + (width << 1), count));
    }
    const sorted = target;
    target = source;
    source = sorted;
  }
  return source;
}

/**
 * Pushes the pairs of a list, rows from … to, and returns the sum of all pushes; 0 if every row is wanted, or none. Rows
 * have their pushes at `gradients` and `hessians` only after `scaleList`.
 */
export function pushList(block: usize, from: usize, to: usize): f64 {
  const lists = read(block, ParameterField.lists);
  const room = read(block, ParameterField.listRoom);
  const labels = read(block, ParameterField.labels) + (from << 2);
  const rawScores = read(block, ParameterField.rawScores) + (from << 2);
  const size = to - from;
  let wanted: usize = 0;
  for (let row: usize = 0; row < size; row++) if (load<f32>(labels + (row << 2)) === 1) wanted++;
  memory.fill(lambdasOf(lists, room), 0, size << 3);
  memory.fill(curvaturesOf(lists, room), 0, size << 3);
  const unsorted = keysOf(lists);
  for (let row: usize = 0; row < size; row++) {
    // Adding 0 makes a negative zero a positive one. The highest score has the smallest key.
    const bits = reinterpret<i32>(load<f32>(rawScores + (row << 2)) + 0);
    const ascending = <u32>(bits ^ ((bits >> 31) | i32.MIN_VALUE));
    store<u64>(unsorted + (row << 3), ((<u64>~ascending) << 32) | <u64>row);
  }
  const keys = sort(unsorted, spareKeysOf(lists, room), size);
  const scores = scoresOf(lists, room);
  const wantedPlaces = wantedPlacesOf(lists, room);
  const unwantedPlaces = unwantedPlacesOf(lists, room);
  let nextWanted = wantedPlaces;
  let nextUnwanted = unwantedPlaces;
  for (let place: usize = 0; place < size; place++) {
    const row = <usize>load<u32>(keys + (place << 3));
    store<f32>(scores + (place << 2), load<f32>(rawScores + (row << 2)));
    if (load<f32>(labels + (row << 2)) === 1) {
      store<u32>(nextWanted, <u32>place);
      nextWanted += 4;
    } else {
      store<u32>(nextUnwanted, <u32>place);
      nextUnwanted += 4;
    }
  }
  store<u32>(read(block, ParameterField.listOrder), <u32>keys);
  if (wanted === 0 || wanted === size) return 0;
  return pushPairs(block, size, wanted);
}

function pushPairs(block: usize, size: usize, wanted: usize): f64 {
  const lists = read(block, ParameterField.lists);
  const room = read(block, ParameterField.listRoom);
  const discounts = read(block, ParameterField.discounts);
  const scores = scoresOf(lists, room);
  const lambdas = lambdasOf(lists, room);
  const curvatures = curvaturesOf(lists, room);
  const wantedPlaces = wantedPlacesOf(lists, room);
  const unwantedPlaces = unwantedPlacesOf(lists, room);
  const hasSpread = load<f32>(scores) !== load<f32>(scores + ((size - 1) << 2));
  let best: f64 = 0;
  for (let place: usize = 0; place < min(<usize>RANKED_PLACES, wanted); place++) {
    best += <f64>load<f32>(discounts + (place << 2));
  }
  const perPlace = 1 / best;
  let total: f64 = 0;
  let wantedAbove: usize = 0;
  for (let upper: usize = 0; upper < min(<usize>RANKED_PLACES, size); upper++) {
    const isWanted = wantedAbove < wanted && <usize>load<u32>(wantedPlaces + (wantedAbove << 2)) === upper;
    const others = isWanted ? unwantedPlaces : wantedPlaces;
    const end = isWanted ? size - wanted : wanted;
    const direction: f64 = isWanted ? 1 : -1;
    const score = <f64>load<f32>(scores + (upper << 2));
    const discount = <f64>load<f32>(discounts + (upper << 2));
    let lambda = load<f64>(lambdas + (upper << 3));
    let curvature = load<f64>(curvatures + (upper << 3));
    for (let next = isWanted ? upper - wantedAbove : wantedAbove; next < end; next++) {
      const lower = <usize>load<u32>(others + (next << 2));
      const distance = direction * (score - <f64>load<f32>(scores + (lower << 2)));
      let change = (discount - <f64>load<f32>(discounts + (lower << 2))) * perPlace;
      if (hasSpread) change /= LEAST_DISTANCE + abs(distance);
      const wrong = 1 / (1 + <f64>exp(distance));
      const push = wrong * change;
      const bend = wrong * (1 - wrong) * change;
      lambda -= direction * push;
      curvature += bend;
      const lambdaBelow = lambdas + (lower << 3);
      store<f64>(lambdaBelow, load<f64>(lambdaBelow) + direction * push);
      const curvatureBelow = curvatures + (lower << 3);
      store<f64>(curvatureBelow, load<f64>(curvatureBelow) + bend);
      total += 2 * push;
    }
    store<f64>(lambdas + (upper << 3), lambda);
    store<f64>(curvatures + (upper << 3), curvature);
    if (isWanted) wantedAbove++;
  }
  return total;
}

/** Writes the gradients and hessians of the list that was pushed last, times a factor; `maxima` grows if they are larger. */
export function scaleList(block: usize, from: usize, to: usize, factor: f64): void {
  const lists = read(block, ParameterField.lists);
  const room = read(block, ParameterField.listRoom);
  const lambdas = lambdasOf(lists, room);
  const curvatures = curvaturesOf(lists, room);
  const keys = <usize>load<u32>(read(block, ParameterField.listOrder));
  const gradients = read(block, ParameterField.gradients) + (from << 2);
  const hessians = read(block, ParameterField.hessians) + (from << 2);
  const maxima = read(block, ParameterField.maxima);
  let maxGradient = load<f32>(maxima);
  let maxHessian = load<f32>(maxima, 4);
  for (let place: usize = 0; place < to - from; place++) {
    const at = (<usize>load<u32>(keys + (place << 3))) << 2;
    const gradient = <f32>(load<f64>(lambdas + (place << 3)) * factor);
    const hessian = <f32>(load<f64>(curvatures + (place << 3)) * factor);
    store<f32>(gradients + at, gradient);
    store<f32>(hessians + at, hessian);
    maxGradient = max(maxGradient, abs(gradient));
    maxHessian = max(maxHessian, hessian);
  }
  store<f32>(maxima, maxGradient);
  store<f32>(maxima, maxHessian, 4);
}
