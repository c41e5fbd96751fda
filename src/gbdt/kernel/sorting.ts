// Sorting float32 numbers by their bits, as sortFloat32 of dataset/radix-sort.ts: three counting passes of 11 bits. A thread's
// first training has no time to wait until JavaScript's loops are compiled.
import { ParameterField } from './layout';
import { read } from './parameters';

const DIGIT_BITS: u32 = 11;
const DIGITS: u32 = 1 << DIGIT_BITS;
const PASSES: u32 = 3;

/**
 * Sorts the `count` numbers (no NaN) at `sortedValues`, ascending, and returns their address: there or right after there. The
 * digits are counted where values are staged at other times.
 */
export function sortFloats(block: usize, count: usize): usize {
  const starts = read(block, ParameterField.stagedValues);
  let keys = read(block, ParameterField.sortedValues);
  let target = keys + (count << 2);
  countDigits(starts, keys, count);
  for (let pass: u32 = 0; pass < PASSES; pass++) {
    const ofPass = starts + ((pass * DIGITS) << 2);
    const shift = pass * DIGIT_BITS;
    // A digit that all keys share moves none of them.
    if (load<u32>(placeOf(ofPass, load<u32>(keys), shift)) === <u32>count) continue;
    toStarts(ofPass);
    for (let i: usize = 0; i < count; i++) {
      const key = load<u32>(keys + (i << 2));
      const place = placeOf(ofPass, key, shift);
      const to = load<u32>(place);
      store<u32>(place, to + 1);
      store<u32>(target + ((<usize>to) << 2), key);
    }
    const sorted = target;
    target = keys;
    keys = sorted;
  }
  for (let i: usize = 0; i < count; i++) {
    const key = load<u32>(keys + (i << 2));
    store<u32>(keys + (i << 2), key & 0x80000000 ? key ^ 0x80000000 : ~key);
  }
  return keys;
}

// Turns numbers into unsigned integers of the same order, and counts all their digits.
function countDigits(starts: usize, keys: usize, count: usize): void {
  memory.fill(starts, 0, (PASSES * DIGITS) << 2);
  for (let i: usize = 0; i < count; i++) {
    const bits = load<u32>(keys + (i << 2));
    const key = bits & 0x80000000 ? ~bits : bits ^ 0x80000000;
    store<u32>(keys + (i << 2), key);
    for (let pass: u32 = 0; pass < PASSES; pass++) {
      const place = placeOf(starts + ((pass * DIGITS) << 2), key, pass * DIGIT_BITS);
      store<u32>(place, load<u32>(place) + 1);
    }
  }
}

// Where the counter of a key's digit is.
function placeOf(ofPass: usize, key: u32, shift: u32): usize {
  return ofPass + ((<usize>((key >> shift) & (DIGITS - 1))) << 2);
}

// How many keys have each digit becomes where the first of them goes.
function toStarts(counts: usize): void {
  let start: u32 = 0;
  for (let digit: u32 = 0; digit < DIGITS; digit++) {
    const count = load<u32>(counts + (digit << 2));
    store<u32>(counts + (digit << 2), start);
    start += count;
  }
}
