import type { Binds, Connection, ConnectionOptions, StatementOption } from 'snowflake-sdk';
import { loadDriver } from '../../../src/snowflake/session/driver.ts';

/** The driver as it is, without anything of ours between a test and the protocol. */
export async function connectDriver(options: ConnectionOptions): Promise<Connection> {
  const driver = await loadDriver();
  const connection = driver.createConnection({ rowMode: 'array', ...options });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

export function execute(
  connection: Connection,
  sqlText: string,
  binds: Binds = [],
  options: Partial<StatementOption> = {},
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    connection.execute({
      sqlText,
      binds,
      ...options,
      complete: (error, _, rows) => (error ? reject(error) : resolve(rows ?? [])),
    });
  });
}

export function disconnect(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    connection.destroy(() => resolve());
  });
}
