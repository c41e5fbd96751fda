import type { DataSource } from '../data/data-source.ts';
import { codeOf } from '../errors.ts';

/** Answers kept per snapshot; the one unused for longest is dropped first. */
const MOST_ANSWERS = 256;

interface Answers<Answer> {
  readonly kept: Map<string, { readonly answer: Answer }>;
  /** Those that somebody is finding. */
  readonly running: Map<string, Promise<Answer>>;
}

/**
 * Keeps answers that depend only on a snapshot, a model version and the arguments. Snapshots and versions never change, so
 * a kept answer stays right. Answers are dropped with their snapshot. Callers that ask for the same share one run: when new data or a
 * new champion comes, all sessions ask for what nobody has found yet.
 */
export class AnswerCache<Answer> {
  readonly #bySnapshot = new WeakMap<DataSource, Answers<Answer>>();

  /** The answer kept under `key`, or the one that is being found; otherwise calls `find` and keeps its answer, but no failure. */
  async findOnce(data: DataSource, key: readonly unknown[], find: () => Promise<Answer>): Promise<Answer> {
    const answers = this.#answersOf(data);
    const name = JSON.stringify(key);
    for (;;) {
      const known = answers.kept.get(name);
      if (known !== undefined) return keep(answers, name, known.answer);
      const running = answers.running.get(name);
      if (running === undefined) return await run(answers, name, find);
      try {
        return await running;
      } catch (error) {
        // The call that began it was cancelled, and this one was not.
        if (codeOf(error) !== 'CANCELLED') throw error;
      }
    }
  }

  #answersOf(data: DataSource): Answers<Answer> {
    const known = this.#bySnapshot.get(data) ?? { kept: new Map(), running: new Map() };
    this.#bySnapshot.set(data, known);
    return known;
  }
}

async function run<Answer>(
  answers: Answers<Answer>,
  name: string,
  find: () => Promise<Answer>,
): Promise<Answer> {
  const running = find();
  answers.running.set(name, running);
  try {
    return keep(answers, name, await running);
  } finally {
    answers.running.delete(name);
  }
}

function keep<Answer>({ kept }: Answers<Answer>, name: string, answer: Answer): Answer {
  // The last entry of the map is the one used last.
  kept.delete(name);
  kept.set(name, { answer });
  const [oldest] = kept.keys();
  if (kept.size > MOST_ANSWERS && oldest !== undefined) kept.delete(oldest);
  return answer;
}
