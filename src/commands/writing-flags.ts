import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** Flags that say how dates and numbers are written in the files of an import. */
export interface WritingFlags {
  readonly dateFormat?: string;
  readonly decimal?: string;
}

/** @throws USAGE */
export function writingOf({ dateFormat, decimal }: WritingFlags) {
  return {
    dateFormat: dateFormat === undefined ? undefined : parseDateFormat(dateFormat),
    decimal: decimal === undefined ? undefined : parseDecimal(decimal),
  };
}

function parseDateFormat(text: string): string {
  if (['ymd', 'dmy', 'mdy'].includes(text) || /%[a-zA-Z]/.test(text)) return text;
  throw new ChurnMcpError(
    'USAGE',
    `--date-format takes dmy (31/12/2026), mdy (12/31/2026), ymd (2026-12-31) or a format, not ${quoted(text)}.`,
    { hint: 'A format names the parts of a date: --date-format "%d.%m.%Y %H:%M"' },
  );
}

function parseDecimal(text: string): 'comma' | 'point' {
  if (text === 'comma' || text === ',') return 'comma';
  if (text === 'point' || text === '.') return 'point';
  throw new ChurnMcpError('USAGE', `--decimal takes comma (12,50) or point (12.50), not ${quoted(text)}.`);
}
