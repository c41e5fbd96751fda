import type { DataSource } from '../data/data-source.ts';

/** Answers kept for one snapshot; the one not asked for longest goes first. */
const MOST_ANSWERS = 256;

/**
 * Answers that follow from a snapshot, a model version and the arguments alone: neither of the first two ever changes, so
 * what was right once stays right. They go with the snapshot they were read from.
 */
export class AnswerCache<Answer> {
  readonly #bySnapshot = new WeakMap<DataSource, Map<string, Answer>>();

  /** The answer kept under `key`, or the one that `find` gives, which is kept; a failure is not. */
  async findOnce(data: DataSource, key: readonly unknown[], find: () => Promise<Answer>): Promise<Answer> {
    const answers = this.#answersOf(data);
    const name = JSON.stringify(key);
    const answer = answers.get(name) ?? (await find());
    // Last in the map is last used.
    answers.delete(name);
    answers.set(name, answer);
    const [oldest] = answers.keys();
    if (answers.size > MOST_ANSWERS && oldest !== undefined) answers.delete(oldest);
    return answer;
  }

  #answersOf(data: DataSource): Map<string, Answer> {
    const known = this.#bySnapshot.get(data) ?? new Map<string, Answer>();
    this.#bySnapshot.set(data, known);
    return known;
  }
}
