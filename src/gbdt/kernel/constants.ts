// Constants of the vector loops, as static data: an engine makes a vector constant anew in every turn of a loop, in several
// instructions, but loads one in a single instruction. They lie below STATIC_BYTES of gbdt/training-memory.ts.

/** For each of the eight pairs of lanes, a mask of it. */
// biome-ignore format: one mask per line
export const PAIR_MASKS: usize = memory.data<u8>([
  255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255,
]);
/** For each of the sixteen lanes, a mask of it. */
// biome-ignore format: one mask per line
export const LANE_MASKS: usize = memory.data<u8>([
  255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255,
]);
/** 0 and 8 in turn: what leads from the bins of the first of two rows of eight bytes to those of the second. */
export const SECOND_ROW: usize = memory.data<u8>([0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8, 0, 8]);
/** 16, 32 and 48 in every lane: the first entries of the parts of a 64-byte table. */
// biome-ignore format: one vector per line
export const PART_STARTS: usize = memory.data<u8>([
  16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 16,
  32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32,
  48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48, 48,
]);
/**
 * Four times each: the largest and smallest argument, 1.5 · 2^23 (which rounds what it is added to), log2(e), ln(2) in a
 * high and a low part, six coefficients, one, the smallest hessian.
 */
// biome-ignore format: one vector per line
export const EXP_CONSTANTS: usize = memory.data<f32>([
  87, 87, 87, 87,
  -87, -87, -87, -87,
  12582912, 12582912, 12582912, 12582912,
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: static data takes literals only
  1.4426950408889634, 1.4426950408889634, 1.4426950408889634, 1.4426950408889634,
  0.693359375, 0.693359375, 0.693359375, 0.693359375,
  -2.12194440e-4, -2.12194440e-4, -2.12194440e-4, -2.12194440e-4,
  1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4, 1.9875691500e-4,
  1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3, 1.3981999507e-3,
  8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3, 8.3334519073e-3,
  4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2, 4.1665795894e-2,
  1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1, 1.6666665459e-1,
  5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1, 5.0000001201e-1,
  1, 1, 1, 1,
  1e-16, 1e-16, 1e-16, 1e-16,
]);
/** The bits of 1.5 · 2^23 less 127, four times: what is above them in a float that was rounded is its biased exponent. */
export const EXPONENT_BIAS: usize = memory.data<i32>([0x4b3fff81, 0x4b3fff81, 0x4b3fff81, 0x4b3fff81]);
/**
 * 1.5 · 2^52, twice: a number below 2^51 that it is added to has its nearest integer, ties to even, in its low bits, and
 * nothing else once the same bits are taken off again.
 */
export const INTEGER_MAGIC: usize = memory.data<f64>([6755399441055744, 6755399441055744]);
/** 0 to 3: what leads from the first of four rows to each of them. */
export const ROW_LANES: usize = memory.data<i32>([0, 1, 2, 3]);
/** The two factors of the finaliser of MurmurHash3, four times each. */
// biome-ignore format: one vector per line
export const MIX_FACTORS: usize = memory.data<u32>([
  0x85ebca6b, 0x85ebca6b, 0x85ebca6b, 0x85ebca6b,
  0xc2b2ae35, 0xc2b2ae35, 0xc2b2ae35, 0xc2b2ae35,
]);
