/** Checks of the setup in Snowflake; each failure comes with the statements that repair it. */
import { z } from 'zod';
import type { SqlValue } from '../data/data-source.ts';
import { meaningOfStatus } from '../data/import/meaning/status-meaning.ts';
import { leftOutText } from '../data/left-out-rows.ts';
import { loadSql, type SqlFileIn } from '../data/load-sql.ts';
import { ChurnMcpError } from '../errors.ts';
import { formatCount } from '../text/format.ts';
import { quoted as shownAs } from '../text/quoted.ts';
import type { Blanks } from './blanks.ts';
import { lastDayAt, leftOutRowsOf } from './counted-rows.ts';
import { hasPlainNames, serviceName } from './deployment/container-steps.ts';
import { deployedSchemas, deployedText, objectName } from './deployment/deployment-text.ts';
import { checkRole } from './role-checks.ts';
import { checkService } from './service-check.ts';
import { isRefusal } from './session/snowflake-errors.ts';
import { SnowflakeSession } from './session/snowflake-session.ts';
import type { SnowflakeConfig, TableName } from './snowflake-config.ts';
import type { SnowflakeFinding } from './snowflake-finding.ts';
import { inSnowflake, literal, quoted } from './statement-text.ts';

/** @throws what a login throws: without one, nothing can be looked at */
export async function checkSnowflake(
  config: SnowflakeConfig,
  signal: AbortSignal,
): Promise<SnowflakeFinding[]> {
  await using session = await SnowflakeSession.open(config, signal);
  const schemas = deployedSchemas(config);
  const list: List = async (file, blanks = {}) => {
    const text = deployedText(loadSql(`snowflake/${file}`), config, schemas, blanks);
    return (await session.rows({ text, values: [], tag: `churn-mcp ${file}`, signal })).rows;
  };
  const run: Run = async (file, blanks) => (await list(`doctor/${file}`, blanks))[0];
  const look: Look = async (file, values = []) => {
    const { text } = inSnowflake(loadSql(file), {
      tables: config.tables,
      asSeenBy: undefined,
      counted: undefined,
    });
    return (await session.rows({ text, values, tag: `churn-mcp doctor ${file}`, signal })).rows;
  };
  const who = sessionSchema.parse(await run('session'));
  if (who.warehouse === null) return [noWarehouse(who.role)];
  const findings = [ok(`logged in as ${who.role ?? 'nobody'}, warehouse ${who.warehouse}.`)];
  for (const [name, table] of Object.entries(config.tables)) {
    findings.push(await checkTable(name, table, who.role, run));
  }
  if (!findings.some(({ state }) => state === 'failed')) {
    findings.push(...(await checkRows(look)), ...(await checkStatuses(config.tables.orders, look)));
  }
  const deployed = await checkDeployed(config, who.role, run);
  findings.push(deployed);
  if (deployed.state === 'ok' && who.role !== null) {
    const rows = await list('doctor/grants', { role: quoted(who.role) });
    findings.push(...checkRole(rows, who.role, config));
  }
  if (deployed.state === 'ok' && hasPlainNames({ config, schemas })) {
    const service = serviceName(schemas);
    // Not every account has containers.
    const services = await list('made/services', { schema: quoted(...schemas.models) }).catch(noRows);
    findings.push(...(await checkService(services, service, () => list('doctor/endpoints', { service }))));
  }
  findings.push(await checkPackages(run));
  return findings;
}

type DoctorSql = SqlFileIn<'snowflake/doctor'>;
type List = (file: `doctor/${DoctorSql}` | 'made/services', blanks?: Blanks) => Promise<readonly unknown[]>;
/** The first row. */
type Run = (file: DoctorSql, blanks?: Blanks) => Promise<unknown>;

/** Reads the shop's tables with every row that they hold. */
type Look = (
  file: 'snowflake/left_out' | 'snowflake/doctor/order_statuses',
  values?: readonly SqlValue[],
) => Promise<readonly unknown[]>;

const sessionSchema = z.object({ role: z.string().nullable(), warehouse: z.string().nullable() });
const countSchema = z.object({ row_count: z.coerce.number() });

async function checkTable(
  name: string,
  table: TableName | undefined,
  role: string | null,
  run: Run,
): Promise<SnowflakeFinding> {
  if (table === undefined) return { state: 'note', text: `no table of ${name} is configured.` };
  try {
    const { row_count } = countSchema.parse(await run('count_rows', { table: quoted(...table) }));
    if (row_count > 0) return ok(`${quoted(...table)} has ${row_count.toLocaleString('en-US')} rows.`);
    const state = name === 'orders' ? 'failed' : 'note';
    return { state, text: `${quoted(...table)} is empty. ${nameVariable(name)}` };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const [database, schema] = table;
    return {
      state: 'failed',
      text: [
        `${quoted(...table)} is missing, or the role may not use it. ${nameVariable(name)} Or allow the role to read it:`,
        `GRANT USAGE ON DATABASE ${quoted(database)} TO ROLE ${quoted(role ?? 'ROLE')};`,
        `GRANT USAGE ON SCHEMA ${quoted(database, schema)} TO ROLE ${quoted(role ?? 'ROLE')};`,
        `GRANT SELECT ON TABLE ${quoted(...table)} TO ROLE ${quoted(role ?? 'ROLE')};`,
      ].join('\n        '),
    };
  }
}

/** Rows that nobody cleaned do not count. The owner of the tables should know how many. */
async function checkRows(look: Look): Promise<SnowflakeFinding[]> {
  const rows = await look('snowflake/left_out', [lastDayAt(new Date())]);
  if (rows.length === 0) return [];
  return [{ state: 'note', text: `rows that do not count: ${leftOutText(rows.map(leftOutRowsOf))}.` }];
}

/** More different words than this are no statuses. */
const MOST_STATUSES = 60;
const statusSchema = z.object({ order_status: z.string(), row_count: z.coerce.number() });

/** Orders count here whatever their status says, which their owner may not expect. */
async function checkStatuses(orders: TableName, look: Look): Promise<SnowflakeFinding[]> {
  const rows = await look('snowflake/doctor/order_statuses');
  const statuses = rows.map((row) => statusSchema.parse(row));
  const unsold = statuses.filter(
    ({ order_status }) => !['sale', 'unknown'].includes(meaningOfStatus(order_status)),
  );
  if (unsold.length === 0 || statuses.length > MOST_STATUSES) return [];
  const listed = unsold.map(
    ({ order_status, row_count }) => `${shownAs(order_status)} (${formatCount(row_count)})`,
  );
  const words = unsold.map(({ order_status }) => literal(order_status)).join(', ');
  return [
    {
      state: 'note',
      text: [
        `orders of every status count, also ${listed.join(', ')}. If they are no sales, read the orders through a view, and name it in CHURN_MCP_SNOWFLAKE_ORDERS:`,
        `CREATE VIEW ... AS SELECT * FROM ${quoted(...orders)} WHERE order_status IS NULL OR order_status NOT IN (${words});`,
      ].join('\n        '),
    },
  ];
}

async function checkDeployed(
  config: SnowflakeConfig,
  role: string | null,
  run: Run,
): Promise<SnowflakeFinding> {
  const { models } = deployedSchemas(config);
  try {
    const table = objectName(models, 'model_versions');
    const { row_count } = countSchema.parse(await run('count_rows', { table }));
    return ok(`${row_count.toLocaleString('en-US')} model versions are mirrored in ${quoted(...models)}.`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return {
      state: 'note',
      text: [
        'nothing is deployed there. To serve inside Snowflake: churn-mcp deploy snowflake, after',
        `GRANT CREATE SCHEMA ON DATABASE ${quoted(models[0])} TO ROLE ${quoted(role ?? 'ROLE')};`,
        'or by roles with the least that each needs, which an administrator makes by what this prints:',
        'churn-mcp deploy snowflake --only schemas,models,roles --dry-run',
      ].join('\n        '),
    };
  }
}

async function checkPackages(run: Run): Promise<SnowflakeFinding> {
  try {
    const { row_count } = countSchema.parse(await run('count_packages'));
    if (row_count > 0) return ok('onnxruntime is available to Python functions.');
  } catch (error) {
    if (error instanceof ChurnMcpError && error.code === 'CANCELLED') throw error;
  }
  return {
    state: 'note',
    text: 'onnxruntime is not available to Python functions; JavaScript functions do not need it.',
  };
}

function noWarehouse(role: string | null): SnowflakeFinding {
  return {
    state: 'failed',
    text: [
      'no warehouse is chosen. Name one in CHURN_MCP_SNOWFLAKE_WAREHOUSE, after',
      `GRANT USAGE ON WAREHOUSE "NAME" TO ROLE ${quoted(role ?? 'ROLE')};`,
    ].join('\n        '),
  };
}

function noRows(error: unknown): [] {
  if (isRefusal(error)) return [];
  throw error;
}

function nameVariable(table: string): string {
  return `If it has another name, set CHURN_MCP_SNOWFLAKE_${table.toUpperCase()}.`;
}

function isMissing(error: unknown): boolean {
  return error instanceof ChurnMcpError && error.code === 'SNOWFLAKE_ACCESS';
}

function ok(text: string): SnowflakeFinding {
  return { state: 'ok', text };
}
