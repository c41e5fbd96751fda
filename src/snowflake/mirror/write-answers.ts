import type { MirrorSession } from './mirror-session.ts';
import { timestamp } from './model-mirror.ts';

export interface Answer {
  readonly tool: string;
  /** Whom or what the tool was asked about; empty if it takes nothing. */
  readonly subject: string;
  readonly text: string;
}

/** Writes what tools answered, all or none, in place of what they answered before. */
export async function writeAnswers(
  answers: readonly Answer[],
  mirror: MirrorSession,
  now: Date,
): Promise<void> {
  await mirror.run('new_answers', []);
  await mirror.forRows(
    'insert_answers',
    answers.map(({ tool, subject, text }) => [tool, subject, text]),
  );
  await mirror.run('merge_answers', [timestamp(now)]);
  await mirror.run('delete_old_answers', [timestamp(now)]);
}
