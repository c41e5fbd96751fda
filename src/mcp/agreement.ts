import { ChurnMcpError } from '../errors.ts';
import type { ToolContext } from './tool-context.ts';

/**
 * Asks the person at the client before something is written. Where the client cannot ask, the call alone decides.
 *
 * @param notDone what was not done, such as "The campaign was not started"
 * @throws CANCELLED unless the person agrees
 */
export async function assertAgreed(
  ask: ToolContext['ask'],
  question: string,
  notDone: string,
): Promise<void> {
  if ((await ask(question)) !== 'no') return;
  throw new ChurnMcpError('CANCELLED', `${notDone}: the person asked did not agree.`);
}
