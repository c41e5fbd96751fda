/** Numbers as people read them, the same on every machine whatever its locale. */

export function formatCount(value: number): string {
  return grouped(value, 0);
}

/** Whole units: cents of a forecast mean nothing. */
export function formatWhole(amount: number): string {
  return formatCount(Math.round(amount));
}

/** An amount in the shop's own currency, which the data does not name. */
export function formatAmount(value: number): string {
  return grouped(value, 2);
}

/** A share of 1. Only a share of exactly 0 or 1 reads as 0% or 100%. */
export function formatPercent(share: number, digits = 1): string {
  const percent = (share * 100).toFixed(digits);
  const step = 10 ** -digits;
  if (share > 0 && Number(percent) === 0) return `<${step}%`;
  if (share < 1 && Number(percent) === 100) return `>${(100 - step).toFixed(digits)}%`;
  return `${percent}%`;
}

export function formatScore(value: number): string {
  return value.toFixed(3);
}

export function formatSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** "1 customer", "2 customers"; `one` and `many` may go on with a verb: "customer is", "customers are". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Thousands separated by commas, below 1e21. */
function grouped(value: number, digits: number): string {
  const [whole, fraction] = Math.abs(value).toFixed(digits).split('.');
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const number = fraction === undefined ? thousands : `${thousands}.${fraction}`;
  return value < 0 && /[1-9]/.test(number) ? `-${number}` : number;
}

/** How long before the day of an answer something was; it may not be today, so it is not called so. */
export function agoText(days: number): string {
  return days === 0 ? 'the last day looked at' : `${plural(days, 'day')} ago`;
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** "26 November 2026" of an ISO day. */
export function formatDay(isoDay: string): string {
  const [year, month, day] = isoDay.split('-').map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/** "40 seconds ago", "3 minutes ago": whole units of the largest kind of which there are two. */
export function agePhrase(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1000));
  const [unit, length] = UNITS.find((each) => seconds >= 2 * each[1]) ?? ['second', 1];
  return `${plural(Math.floor(seconds / length), unit)} ago`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;
