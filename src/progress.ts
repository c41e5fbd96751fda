/** One report from long work: `done` of `total` units of the named phase, with a sentence a person can read. */
export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

export type ProgressListener = (progress: Progress) => void;
