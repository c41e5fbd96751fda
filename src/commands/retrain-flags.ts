import type { Config } from '../config.ts';
import { ChurnMcpError } from '../errors.ts';
import type { RetrainWhen } from '../server/retraining/retrain-when.ts';
import { quoted } from '../text/quoted.ts';

export interface RetrainFlags {
  readonly retrainEvery?: string;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const A_YEAR_MS = 366 * 86_400_000;

/** @throws USAGE */
export function retrainWhenOf({ retrainEvery }: RetrainFlags, { readOnly }: Config): RetrainWhen | undefined {
  if (retrainEvery === undefined) return undefined;
  if (readOnly) {
    throw new ChurnMcpError('USAGE', '--retrain-every trains models, and CHURN_MCP_READ_ONLY forbids that.', {
      hint: 'Leave one of them out.',
    });
  }
  if (retrainEvery === 'drift') return { kind: 'drift' };
  const { count = '', unit = '' } = /^(?<count>\d{1,6})(?<unit>[smhd])$/.exec(retrainEvery)?.groups ?? {};
  const ms = Number(count) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= A_YEAR_MS) return { kind: 'every', ms };
  throw new ChurnMcpError('USAGE', `--retrain-every takes no ${quoted(retrainEvery)}.`, {
    hint: 'Write a time such as 24h or 7d (s, m, h, d), or drift: when customers have moved much since the training.',
  });
}
