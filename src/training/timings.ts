import { inSpan } from '../tracing.ts';

/** Wall-clock times of a story's steps, for the card. They never influence a result. */
export interface Timings {
  measure<Result>(step: string, work: () => Promise<Result>): Promise<Result>;
  /** Whole milliseconds a step so far, and `total` since the start. */
  milliseconds(): Record<string, number>;
}

export function startTimings(): Timings {
  const started = performance.now();
  const steps: Record<string, number> = {};
  return {
    async measure(step, work) {
      const from = performance.now();
      const result = await inSpan({ name: `training: ${step}` }, work);
      steps[step] = Math.round(performance.now() - from);
      return result;
    },
    milliseconds: () => ({ ...steps, total: Math.round(performance.now() - started) }),
  };
}
