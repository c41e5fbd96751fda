import { utcStamp } from '../files/utc-stamp.ts';
import { VERSION_PATTERN } from './model-card.ts';

/** `v_YYYYMMDD_HHMMSS` in UTC, `secondsLater` after the given time. */
export function versionName(now: Date, secondsLater = 0): string {
  return `v_${utcStamp(new Date(now.getTime() + secondsLater * 1000))}`;
}

/** The names from `now` on, second by second. */
export function* versionNamesFrom(now: Date): Generator<string> {
  for (let seconds = 0; ; seconds++) yield versionName(now, seconds);
}

/** True for a version's name, and so never for anything that leads out of the model's folder. */
export function isVersionName(name: string): boolean {
  return VERSION_PATTERN.test(name);
}

/** Newest first. The names sort as their times do. */
export function newestFirst(names: readonly string[]): string[] {
  return [...names].sort().reverse();
}
