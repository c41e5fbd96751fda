import type { RequestHandler } from 'express';
import type { DataSourceProvider } from '../../data/data-source.ts';
import { codeOf } from '../../errors.ts';

/**
 * Whether questions can be answered: 200, or 503 with the code of what is wrong, such as a snapshot that is damaged. A shop
 * that has not been imported yet can be asked too, and says how to import.
 */
export function readiness(data: DataSourceProvider): RequestHandler {
  return async (_request, response) => {
    const problem = await problemOf(data);
    if (problem === undefined) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready', code: problem });
  };
}

async function problemOf(data: DataSourceProvider): Promise<string | undefined> {
  try {
    await using borrowed = await data.borrow();
    await borrowed.data.summary();
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    return code === 'NO_DATA' ? undefined : code;
  }
}
