/** Money at stake in words: the range alone if the latest probabilities were wrong. */
import { count } from './numbers.ts';

export interface Stake {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function stakeText({ value, low, high }: Stake, isOff: boolean): string {
  return isOff ? rangeText(low, high) : `about ${count(Math.round(value))} (${rangeText(low, high)})`;
}

export function rangeText(low: number, high: number): string {
  return `${count(Math.round(low))} to ${count(Math.round(high))}`;
}
