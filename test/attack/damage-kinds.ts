/** The kinds of files in a home folder, and what is said of a damaged one. */
import { basename } from 'node:path';
import type { HomePart } from '../../src/commands/home-damage.ts';

export interface Kind {
  readonly files: RegExp;
  /** What the doctor calls the part; undefined if the file may change without being damaged. */
  readonly part?: HomePart;
  /** What the doctor names, of a path within the home folder. */
  readonly names?: (path: string) => string;
  /** Whether the file may end anywhere: what a killed process left unfinished looks the same. */
  readonly endsAnywhere?: boolean;
  /** What an answer says that is not as before; undefined if all are as before. */
  readonly said?: (path: string) => RegExp;
}

const withoutEnding = (path: string) => basename(path).split('.')[0];
const fileOfChecksum = (path: string) => basename(path).replace(/\.sha256$/, '');

const DATA: Omit<Kind, 'files'> = {
  part: 'Data',
  said: () =>
    /^error: (?:SNAPSHOT_CORRUPT: )?(?:The imported data |The file data\/current\.json of the home folder is damaged)/,
};
const TABLE: Omit<Kind, 'files'> = {
  part: 'Table',
  said: () => /^error: (?:SNAPSHOT_CORRUPT: )?The imported table of customers cannot be read: /,
};
const PREDICTIONS: Omit<Kind, 'files'> = {
  part: 'Predictions',
  names: fileOfChecksum,
  said: (path) => new RegExp(`The kept predictions of ${withoutEnding(path)} are damaged and left out`),
};
const CAMPAIGN: Omit<Kind, 'files'> = {
  part: 'Campaigns',
  names: fileOfChecksum,
  said: (path) => new RegExp(`The file campaigns/\\S*${fileOfChecksum(path)} is not what was written`),
};
const VERSION: Omit<Kind, 'files'> = {
  part: 'Models',
  names: (path) => basename(path),
  said: () => /Version v_\d{8}_\d{6} of \w+ cannot be used: /,
};

export const KINDS: readonly Kind[] = [
  { files: /^data\/snapshots\/[^/]*\.duckdb$/, ...DATA, names: withoutEnding },
  { files: /^data\/snapshots\/[^/]*\.sha256$/, ...DATA, names: withoutEnding },
  { files: /^data\/current\.json$/, ...DATA, names: () => 'data/current.json' },
  { files: /^table\/[^/]*\.parquet$/, ...TABLE, names: () => 'table of customers' },
  { files: /^table\/[^/]*\.sha256$/, ...TABLE, names: () => 'table of customers' },
  { files: /^table\/current\.json$/, ...TABLE, names: () => 'table/current.json' },
  { files: /^predictions\/.*\.parquet$/, ...PREDICTIONS },
  { files: /^predictions\/.*\.sha256$/, ...PREDICTIONS },
  { files: /^campaigns\/.*\.json$/, ...CAMPAIGN },
  { files: /^campaigns\/.*\.sha256$/, ...CAMPAIGN },
  { files: /^registry\/.*\/card\.json$/, ...VERSION },
  { files: /^registry\/.*\/model\.onnx$/, ...VERSION },
  { files: /^registry\/.*\/trees\.json$/, ...VERSION },
  { files: /^registry\/.*\/SHA256SUMS$/, ...VERSION },
  {
    files: /^registry\/.*\/aliases\.json$/,
    part: 'Models',
    names: () => 'aliases',
    said: () => /The aliases of \w+ cannot be read\./,
  },
  { files: /^log\/\d{16}\.log$/, part: 'Log', names: (path) => basename(path), endsAnywhere: true },
  // A damaged job is unknown: its caller calls the tool again.
  { files: /^jobs\/[^/]*\.json$/, said: () => /^error: There is no such job/ },
  // Lists for people, locks, and what is made again if it is damaged.
  { files: /^log\/(?:rejects\.ndjson|writer\.lock)$/ },
  { files: /^answers\.key$/ },
  { files: /^scores\// },
  { files: /^data\/flip\.lock$/ },
  // Damaged ones are ranked again.
  { files: /^offers\/.*\.parquet$/ },
  { files: /^offers\/.*\.sha256$/ },
  // Nothing is read from it but whether it is held.
  { files: /^training\.lock$/ },
  // Lists for people, who may change them.
  { files: /^campaigns\/.*\/contacts[^/]*$/ },
  { files: /^exports\// },
];
