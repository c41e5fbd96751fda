/** A difference between two groups of customers, and between which values it lies with the confidence asked for. */
export interface Difference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}
