import type { Connection } from 'snowflake-sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectDriver, disconnect, execute } from '../helpers/snowflake/driver-connection.ts';
import { ACCOUNT, USER } from '../helpers/snowflake/snowflake-sessions.ts';
import { TestSnowflake } from '../helpers/snowflake/test-snowflake.ts';

let testServer: TestSnowflake;
let connection: Connection;

beforeEach(async () => {
  testServer = await TestSnowflake.start({ user: { password: 'p' }, rowsPerChunk: 3 });
  connection = await connectDriver({
    account: ACCOUNT,
    username: USER,
    password: 'p',
    accessUrl: testServer.url,
  });
});

afterEach(async () => {
  await disconnect(connection);
  await testServer[Symbol.asyncDispose]();
});

describe('the Snowflake of the tests, as the driver sees it', () => {
  it('answers with types, and dates in the formats of the account', async () => {
    const [row] = await execute(
      connection,
      `select 1 as i, 1.5 as n, cast(0.25 as double) as d, 'x' as t, true as b, date '2024-02-29' as day,
        timestamp '2024-02-29 01:02:03.5' as at, null as nothing, '\\xFF'::blob as bytes`,
    );
    expect(JSON.parse(JSON.stringify(row))).toEqual([
      1,
      1.5,
      0.25,
      'x',
      true,
      '02/29/2024',
      'Thu, 29 Feb 2024 01:02:03',
      null,
      { type: 'Buffer', data: [255] },
    ]);
  });

  it('accepts binds by position and by number', async () => {
    expect(await execute(connection, 'select ? + 1 as a, ? as b', [1, 'x'])).toEqual([[2, 'x']]);
    expect(await execute(connection, 'select :2 as a, :1 as b, :2 as c', ['x', 'y'])).toEqual([
      ['y', 'x', 'y'],
    ]);
  });

  it('accepts an array of binds, and counts the changed rows', async () => {
    await execute(connection, 'create temporary table t (i integer, s varchar)');
    const inserted = await execute(connection, 'insert into t values (?, ?)', [
      [1, 'a'],
      [2, 'b'],
      [3, null],
    ]);
    expect(inserted).toEqual([[3]]);
    expect(await execute(connection, "update t set s = 'c' where i > 1")).toEqual([[2]]);
    expect(await execute(connection, 'delete from t where i = 1')).toEqual([[1]]);
    expect(await execute(connection, 'select * from t order by i')).toEqual([
      [2, 'c'],
      [3, 'c'],
    ]);
  });

  it('keeps temporary tables to their session', async () => {
    await execute(connection, 'create temporary table t as select 1 as i');
    const other = await connectDriver({
      account: ACCOUNT,
      username: USER,
      password: 'p',
      accessUrl: testServer.url,
    });
    await expect(execute(other, 'select * from t')).rejects.toMatchObject({ code: '002003' });
    await disconnect(other);
    expect(await execute(connection, 'select * from t')).toEqual([[1]]);
  });

  it('reports a wrong statement with the codes of Snowflake', async () => {
    await expect(execute(connection, 'selec 1')).rejects.toMatchObject({ code: '001003' });
    await expect(execute(connection, 'select * from nowhere')).rejects.toMatchObject({ code: '002003' });
  });

  it('gives the chunks of a big result only with their key', async () => {
    expect(await execute(connection, 'select i from range(10) as r(i)')).toHaveLength(10);
    const chunks = testServer.requests.filter((path) => path.startsWith('/chunks/'));
    expect(chunks).toHaveLength(3);
    expect((await fetch(`${testServer.url}${chunks[0]}`)).status).toBe(404);
  });

  it('ends the session with the connection', async () => {
    expect(testServer.openSessions).toBe(1);
    await disconnect(connection);
    expect(testServer.openSessions).toBe(0);
  });
});
