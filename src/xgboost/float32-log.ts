/**
 * The natural logarithm in float32 exactly as the C library rounds it (`logf` of glibc and musl, by Arm's optimized
 * routines), since XGBoost begins every sum with it. Rounding the logarithm in double to float32 gives another last bit for one
 * value in two hundred.
 *
 *     x = 2^k · z,  z in [0.7, 1.4);  c is the middle of z's sixteenth;  log x = log1p(z / c − 1) + log c + k · ln 2
 */
const INVERSES = [
  1.398907162146528, 1.3403141896637998, 1.286432210124115, 1.2367150214269895, 1.1906977166711752,
  1.1479821020556429, 1.1082251448272158, 1.0711297413057381, 1.036437278977283, 1, 0.9492859795739057,
  0.8951049428609004, 0.8476821620351103, 0.8050314851692001, 0.7664671008843108, 0.731428603316328,
];
const LOGARITHMS = [
  -0.33569133332882284, -0.2929040563774074, -0.2518726580937369, -0.21245868807117255, -0.17453945183745634,
  -0.1380057072319758, -0.10275976698545139, -0.06871392447020525, -0.0357891387398228, 0,
  0.05204517742929496, 0.11081431298787942, 0.1652495223695143, 0.21687389031699977, 0.2659635028121397,
  0.3127556664073557,
];
const [CUBIC, QUADRATIC, LINEAR] = [-0.25089342214237154, 0.333456765744066, -0.4999997485802103];

/** Bits of the least z. */
const LEAST_Z = 0x3f330000;
const EXPONENT_BITS = 0xff800000 | 0;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Of a positive, normal, finite float32. */
export function float32Log(value: number): number {
  float[0] = value;
  const offset = (bits[0] - LEAST_Z) | 0;
  const sixteenth = (offset >> 19) & 15;
  const exponent = offset >> 23;
  bits[0] -= offset & EXPONENT_BITS;
  const r = float[0] * INVERSES[sixteenth] - 1;
  const r2 = r * r;
  const y = CUBIC * r2 + (QUADRATIC * r + LINEAR);
  return Math.fround(y * r2 + (LOGARITHMS[sixteenth] + exponent * Math.LN2 + r));
}

/** A probability as log-odds, in the steps and the precision that XGBoost takes: `-logf(1 / p - 1)`. */
export function probabilityToMargin(probability: number): number {
  const { fround } = Math;
  return -float32Log(fround(fround(1 / fround(probability)) - 1));
}
