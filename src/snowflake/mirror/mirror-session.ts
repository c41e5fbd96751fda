import type { z } from 'zod';
import type { SqlValue } from '../../data/data-source.ts';
import { loadSql, type SqlFileIn } from '../../data/load-sql.ts';
import { ChurnMcpError, throwIfAborted } from '../../errors.ts';
import type { Blanks } from '../blanks.ts';
import { deployedSchemas, deployedText } from '../deployment/deployment-text.ts';
import { MadeObjects } from '../deployment/made-objects.ts';
import type { DeploymentPlace } from '../deployment/model-functions.ts';
import { described, type NamedObject, namedObject } from '../deployment/named-object.ts';
import type { CollectedRows } from '../session/collected-rows.ts';
import { type SentStatement, SnowflakeSession } from '../session/snowflake-session.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';

/** From 65,280 values of a statement on, the driver would put them into files. */
const VALUES_AT_ONCE = 60_000;

type MirrorSql = SqlFileIn<'snowflake/mirror'>;

/**
 * A session for the mirror: statements of `sql/snowflake/mirror` and transfers of files. Nothing is written into a table or a stage
 * that churn-mcp did not make.
 */
export class MirrorSession implements AsyncDisposable {
  readonly place: DeploymentPlace;
  readonly #session: SnowflakeSession;
  readonly #made: MadeObjects;
  readonly #signal: AbortSignal;

  private constructor(config: SnowflakeConfig, session: SnowflakeSession, signal: AbortSignal) {
    this.place = { config, schemas: deployedSchemas(config) };
    this.#session = session;
    this.#made = new MadeObjects(session, signal);
    this.#signal = signal;
  }

  static async open(config: SnowflakeConfig, signal: AbortSignal): Promise<MirrorSession> {
    return new MirrorSession(config, await SnowflakeSession.open(config, signal), signal);
  }

  /**
   * Before several statements that belong together: whether each may write, so that none has when another may not.
   *
   * @throws SNOWFLAKE_DEPLOY naming the object that churn-mcp did not make
   */
  async assertMayWrite(files: readonly MirrorSql[]): Promise<void> {
    for (const file of files) await this.#assertMayRun(this.#textOf(file));
  }

  /** @throws SNOWFLAKE_DEPLOY if there is such an object, and churn-mcp did not make it */
  async assertOurs(object: NamedObject): Promise<void> {
    if ((await this.#made.makerOf(object)) === 'others') throw notOurs(object);
  }

  /** Runs a statement of `sql/snowflake/mirror`. */
  async rows<Row>(
    file: MirrorSql,
    values: readonly SqlValue[],
    schema: z.ZodType<Row>,
    blanks: Blanks = {},
  ): Promise<Row[]> {
    const { rows } = await this.#run(file, { values }, blanks);
    return rows.map((row) => schema.parse(row));
  }

  async run(file: MirrorSql, values: readonly SqlValue[]): Promise<void> {
    await this.#run(file, { values });
  }

  /** Runs a statement that changes rows, and tells how many it changed. */
  async change(file: MirrorSql, values: readonly SqlValue[]): Promise<number> {
    const { rows } = await this.#run(file, { values });
    return Number(Object.values(rows[0] ?? {})[0] ?? 0);
  }

  /**
   * Runs a statement for many rows, as many at once as fit. Give numbers with decimals as text: the driver takes a column for
   * whole numbers if its first one is whole.
   */
  async forRows(file: MirrorSql, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    const rowsAtOnce = Math.floor(VALUES_AT_ONCE / Math.max(1, rows.at(0)?.length ?? 1));
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      throwIfAborted(this.#signal);
      await this.#run(file, { values: [], rows: rows.slice(from, from + rowsAtOnce) });
    }
  }

  /** PUT or GET: the driver moves the files. */
  async transfer(text: string): Promise<void> {
    await this.#assertMayRun(text);
    const statement = { text, values: [], tag: 'churn-mcp transfer', signal: this.#signal };
    await this.#session.transfer(statement).catch(explainAccess);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }

  async #run(
    file: MirrorSql,
    bound: Pick<SentStatement, 'values' | 'rows'>,
    blanks: Blanks = {},
  ): Promise<CollectedRows> {
    const text = this.#textOf(file, blanks);
    await this.#assertMayRun(text);
    const statement = { ...bound, text, tag: `churn-mcp ${file}`, signal: this.#signal };
    return this.#session.rows(statement).catch(explainAccess);
  }

  #textOf(file: MirrorSql, blanks: Blanks = {}): string {
    const { config, schemas } = this.place;
    return deployedText(loadSql(`snowflake/mirror/${file}`), config, schemas, blanks);
  }

  /** The objects of a schema are listed once in a session. */
  async #assertMayRun(text: string): Promise<void> {
    const object = namedObject(text);
    if (object?.verb === 'fill') await this.assertOurs(object);
  }
}

function explainAccess(error: unknown): never {
  const isAccess = error instanceof ChurnMcpError && error.code === 'SNOWFLAKE_ACCESS';
  throw isAccess ? notDeployed(error) : error;
}

function notDeployed(cause: unknown): ChurnMcpError {
  return new ChurnMcpError(
    'SNOWFLAKE_ACCESS',
    'The stage or the tables of models and campaigns are missing in Snowflake, or the role may not use them.',
    { hint: 'Make them with: churn-mcp deploy snowflake --only schemas,models,campaigns', cause },
  );
}

function notOurs(object: NamedObject): ChurnMcpError {
  return new ChurnMcpError(
    'SNOWFLAKE_DEPLOY',
    `Nothing was written: ${described(object)} is there already, and churn-mcp did not make it.`,
    {
      hint: `Rename it, or name another schema in CHURN_MCP_SNOWFLAKE_MODELS_SCHEMA.${object.kind === 'model' ? '' : ' To take it over with what it holds: churn-mcp deploy snowflake --only schemas,models,campaigns --replace'}`,
    },
  );
}
