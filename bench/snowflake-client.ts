/** One way to a shop's churn features, in a process of its own: fetches them for each day that it is sent. */
import { z } from 'zod';
import { openDataHome } from '../src/data/data-home.ts';
import { openSnowflake } from '../src/snowflake/source/snowflake-provider.ts';
import { PASSWORD, snowflakeConfig } from '../test/helpers/snowflake/snowflake-shop.ts';

const server = z
  .object({ way: z.enum(['alone', 'files', 'rows']), url: z.string(), home: z.string() })
  .parse(JSON.parse(process.argv[2] ?? ''));
const provider = open(server);

process.on('message', async (day) => {
  const source = await provider.current();
  const started = performance.now();
  const query = {
    file: 'portable/tables/churn_features',
    values: [z.string().parse(day)],
    isLarge: true,
  } as const;
  const table = await source.columns(query);
  for (const name of table.columnNames.slice(1)) table.float32(name);
  const seconds = (performance.now() - started) / 1000;
  process.send?.({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 });
});
process.once('disconnect', () => void provider[Symbol.asyncDispose]());

function open({ way, url, home }: typeof server) {
  if (way === 'alone') return openDataHome(home);
  const bulkFrom = way === 'files' ? 1 : 1e9;
  return openSnowflake(snowflakeConfig({ url }, { bulkFrom, timeoutS: 600, password: PASSWORD }));
}
