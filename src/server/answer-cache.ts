import type { DataSource } from '../data/data-source.ts';

/** Answers kept per snapshot; the one unused for longest is dropped first. */
const MOST_ANSWERS = 256;

/**
 * Keeps answers that depend only on a snapshot, a model version and the arguments. Snapshots and versions never change, so
 * a kept answer stays right. Answers are dropped with their snapshot.
 */
export class AnswerCache<Answer> {
  readonly #bySnapshot = new WeakMap<DataSource, Map<string, Answer>>();

  /** The answer kept under `key`; otherwise calls `find` and keeps its answer, but no failure. */
  async findOnce(data: DataSource, key: readonly unknown[], find: () => Promise<Answer>): Promise<Answer> {
    const answers = this.#answersOf(data);
    const name = JSON.stringify(key);
    const answer = answers.get(name) ?? (await find());
    // The last entry of the map is the one used last.
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
