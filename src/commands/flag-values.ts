/** Values of flags, checked before any work begins. */
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** @throws USAGE */
export function parseWhole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new ChurnMcpError('USAGE', `${flag} takes a whole number from ${least} to ${most}.`);
}

/** @throws USAGE */
export function parseShare(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new ChurnMcpError('USAGE', `${flag} takes a share from 0 to 1, such as 0.3 for 30%.`);
}

/** @throws USAGE */
export function parseAmount(flag: string, text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && Number.isFinite(value)) return value;
  throw new ChurnMcpError('USAGE', `${flag} takes an amount of 0 or more, such as 0.5.`);
}

/** @throws USAGE */
export function parseDay(flag: string, text: string): string {
  const time = Date.parse(`${text}T00:00:00Z`);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time);
  // JavaScript reads 30 February as 2 March.
  if (isDay && new Date(time).toISOString().startsWith(text)) return text;
  throw new ChurnMcpError('USAGE', `${flag} takes a day such as 2026-11-23.`);
}

/**
 * Reads a value that must be one of the known names.
 *
 * @param what the word for a name of this kind, such as "model"
 * @throws USAGE
 */
export function parseName<Name extends string>(what: string, text: string, known: readonly Name[]): Name {
  const found = known.find((name) => name === text);
  if (found !== undefined) return found;
  throw new ChurnMcpError('USAGE', `There is no ${what} ${quoted(text)}.`, {
    hint: `${didYouMean(text, known)}Known: ${known.join(', ')}.`,
  });
}
