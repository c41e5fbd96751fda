import { utcStamp } from '../files/utc-stamp.ts';
import { VERSION_PATTERN } from './model-card.ts';

const NAME_PARTS = /^v_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)$/;

/**
 * Names of the form `v_YYYYMMDD_HHMMSS` in UTC from `now` on, second by second.
 *
 * @param newest the newest version there is. All names are above it: if the clock was set back, a new version must not look
 *   older than those before it
 */
export function* versionNamesFrom(now: Date, newest?: string): Generator<string> {
  const start = Math.max(now.getTime(), newest === undefined ? 0 : timeOf(newest) + 1000);
  for (let seconds = 0; ; seconds++) yield `v_${utcStamp(new Date(start + seconds * 1000))}`;
}

function timeOf(name: string): number {
  return Date.parse(name.replace(NAME_PARTS, '$1-$2-$3T$4:$5:$6Z'));
}

/** True for a version's name, and so never for anything that leads out of the model's folder. */
export function isVersionName(name: string): boolean {
  return VERSION_PATTERN.test(name);
}

/** Newest first. The names sort as their times do. */
export function newestFirst(names: readonly string[]): string[] {
  return [...names].sort().reverse();
}
