import type { z } from 'zod';
import type { SqlValue } from '../data/data-source.ts';
import { loadSql, type SqlFileIn } from '../data/load-sql.ts';
import { CollectedRows } from '../data/snowflake/row-collector.ts';
import { queryError, unreachable } from '../data/snowflake/snowflake-errors.ts';
import { TransferredFiles } from '../data/snowflake/transferred-files.ts';
import { type RowSink, type SentStatement, WarehouseSession } from '../data/snowflake/warehouse-session.ts';
import { ChurnMcpError } from '../errors.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { deployedSchemas, deployedText } from './deployment-text.ts';
import type { DeploymentPlace } from './model-functions.ts';

type MirrorSql = SqlFileIn<'snowflake/mirror'>;

/** A session with what was deployed: statements of `sql/snowflake/mirror` and transfers of files. */
export class MirrorSession implements AsyncDisposable {
  readonly place: DeploymentPlace;
  readonly #session: WarehouseSession;
  readonly #signal: AbortSignal;

  private constructor(config: SnowflakeConfig, session: WarehouseSession, signal: AbortSignal) {
    this.place = { config, schemas: deployedSchemas(config) };
    this.#session = session;
    this.#signal = signal;
  }

  static async open(config: SnowflakeConfig, signal: AbortSignal): Promise<MirrorSession> {
    return new MirrorSession(config, await WarehouseSession.open(config, signal), signal);
  }

  /** Runs a statement of `sql/snowflake/mirror`. */
  async rows<Row>(file: MirrorSql, values: readonly SqlValue[], schema: z.ZodType<Row>): Promise<Row[]> {
    const { rows } = await this.#run(this.#textOf(file), file, values);
    return rows.map((row) => schema.parse(row));
  }

  async run(file: MirrorSql, values: readonly SqlValue[]): Promise<void> {
    await this.#run(this.#textOf(file), file, values);
  }

  /** Runs a statement that changes rows, and tells how many it changed. */
  async change(file: MirrorSql, values: readonly SqlValue[]): Promise<number> {
    const { rows } = await this.#run(this.#textOf(file), file, values);
    return Number(Object.values(rows[0] ?? {})[0] ?? 0);
  }

  /** Runs a statement for many rows at once. */
  async forRows(file: MirrorSql, rows: readonly (readonly SqlValue[])[]): Promise<void> {
    await this.#run(this.#textOf(file), file, [], rows);
  }

  /** PUT or GET: the driver moves the files. */
  async transfer(text: string): Promise<void> {
    const sink = new TransferredFiles();
    await this.#send({ text, values: [], tag: 'churn-mcp transfer' }, sink);
    if (sink.failed) throw unreachable();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.close();
  }

  #textOf(file: MirrorSql): string {
    const { config, schemas } = this.place;
    return deployedText(loadSql(`snowflake/mirror/${file}`), config, schemas, {});
  }

  async #run(
    text: string,
    about: string,
    values: readonly SqlValue[],
    rows?: readonly (readonly SqlValue[])[],
  ): Promise<CollectedRows> {
    const sink = new CollectedRows();
    await this.#send({ text, values, tag: `churn-mcp ${about}`, ...(rows && { rows }) }, sink);
    return sink;
  }

  async #send(statement: SentStatement, sink: RowSink): Promise<void> {
    try {
      await this.#session.run({ ...statement, signal: this.#signal }, sink);
    } catch (error) {
      const known = queryError(error, this.place.config.timeoutS, this.#signal);
      throw known.code === 'SNOWFLAKE_ACCESS' ? notDeployed(error) : known;
    }
  }
}

function notDeployed(cause: unknown): ChurnMcpError {
  return new ChurnMcpError(
    'SNOWFLAKE_ACCESS',
    'The stage or the tables of models are missing in Snowflake, or not for this role.',
    { hint: 'Make them: churn-mcp deploy snowflake --only schemas,models.', cause },
  );
}
