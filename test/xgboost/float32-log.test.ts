import { expect, test } from 'vitest';
import { probabilityToMargin } from '../../src/xgboost/float32-log.ts';

/** Of glibc 2.36's logf; for the first eight, rounding the logarithm in double gives another last bit. */
test.each([
  [0.502826988697052, 0.011308113113045692],
  [0.5893853306770325, 0.36142486333847046],
  [0.15865646302700043, -1.6682589054107666],
  [0.5043919086456299, 0.017568109557032585],
  [0.4987565875053406, -0.004973658826202154],
  [0.492532342672348, -0.0298728346824646],
  [0.4918314218521118, -0.03267718851566315],
  [0.4767972230911255, -0.09287786483764648],
  [0.5, -0.0],
  [0.10000000149011612, -2.1972246170043945],
  [9.99999991097579e-38, -85.19564819335938],
  [0.9999999403953552, 15.942384719848633],
])('the margin of %f equals that of the C library', (probability, margin) => {
  expect(probabilityToMargin(probability)).toBe(margin);
});
