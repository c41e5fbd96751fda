/** A large shop and the test server over it, in a process of its own: its memory is not counted as ours. */
import { createDemoShop } from '../src/data/demo/create-demo-shop.ts';
import { newTestHome } from '../test/helpers/snapshot.ts';
import { currentSnapshotFile, PASSWORD } from '../test/helpers/snowflake/snowflake-shop.ts';
import { TestSnowflake } from '../test/helpers/snowflake/test-snowflake.ts';

const [customers] = process.argv.slice(2).map(Number);
const home = await newTestHome();
await createDemoShop({ home, customers, seed: 42, asOf: '2026-01-31' });
const snapshot = await currentSnapshotFile(home);
const testServer = await TestSnowflake.start({ user: { password: PASSWORD }, snapshot, threads: 2 });
process.stdout.write(`${JSON.stringify({ url: testServer.url, home })}\n`);
process.stdin.on('end', () => void testServer[Symbol.asyncDispose]()).resume();
