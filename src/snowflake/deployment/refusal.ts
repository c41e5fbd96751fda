import { ChurnMcpError } from '../../errors.ts';
import { plainText } from '../../text/plain-text.ts';

const NOT_THE_STATEMENT = ['CANCELLED', 'SNOWFLAKE_UNREACHABLE', 'SNOWFLAKE_TIMEOUT', 'SNOWFLAKE_LOGIN'];

/**
 * What Snowflake said when it refused a statement, for the person who has to correct it.
 *
 * @throws the error itself if it is not of the statement
 */
export function saidBySnowflake(error: unknown): string {
  if (!(error instanceof ChurnMcpError) || NOT_THE_STATEMENT.includes(error.code)) throw error;
  let said: unknown = error;
  while (said instanceof ChurnMcpError && said.cause !== undefined) said = said.cause;
  return plainText(said instanceof Error ? said.message : String(said), 400);
}
