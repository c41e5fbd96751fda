import { z } from 'zod';
import { plainText } from '../text/plain-text.ts';
import { wrongValue } from '../text/wrong-value.ts';
import { failureText } from './failure.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import type { ServerLog } from './server-log.ts';

/** Characters of a value's path that an error shows. */
const MOST_OF_PATH = 60;

/** @throws RequestError that says in plain words what is wrong, after the name of the value: "params.name is 5: give a text" */
export function checkedParams<Params>(method: string, schema: z.ZodType<Params>, params: unknown): Params {
  const parsed = z.object({ params: schema }).safeParse({ params }, { error: wrongValue });
  if (parsed.success) return parsed.data.params;
  const [issue] = parsed.error.issues;
  const place = plainText(issue.path.map(String).join('.'), MOST_OF_PATH);
  throw new RequestError(RPC_CODES.params, `Invalid ${method} request: ${place} ${issue.message}.`);
}

/** An unexpected error is answered with a reference to the log. */
export async function withoutInternals<Outcome>(
  method: string,
  log: ServerLog,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError(RPC_CODES.internal, failureText(error, method, log));
  }
}
