import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { nextMoment } from './moments.ts';
import { SnowflakeObjects } from './snowflake-objects.ts';
import { SnowflakeStages } from './snowflake-stages.ts';
import { type Cell, cellOf, type RowType, rowTypeOf } from './wire-format.ts';

export const DATABASE = 'AUTOMATED_INTELLIGENCE';

/** One value of a statement, or one per row of an array bind. */
export interface Binding {
  readonly type: string;
  readonly value: string | null | readonly (string | null)[];
}

export interface StatementResult {
  readonly queryId: string;
  readonly rowTypes: readonly RowType[];
  readonly rows: readonly Cell[][];
  readonly statementTypeId: number;
}

/** What the session says of itself. */
const SESSION = { current_role: 'ANALYST', current_warehouse: 'TEST' };

const QUALIFIED = new RegExp(
  `"${DATABASE}"\\.("[A-Z_]+"\\."[A-Z_]+")(?:\\s+at\\s*\\(statement => '([^']+)'\\))?`,
  'g',
);

const INFORMATION_SCHEMA = new RegExp(`"${DATABASE}"\\.information_schema\\.tables`, 'g');

/**
 * The warehouse's tables: snapshots of a shop, of which the last attached is the present. Statements that were run
 * remember which one they saw, so that a later one can be asked what it would have seen then.
 */
export class SnowflakeDatabase {
  readonly #instance: DuckDBInstance;
  readonly objects = new SnowflakeObjects();
  readonly stages = new SnowflakeStages();
  readonly #versionOfQuery = new Map<string, number>();
  #version = 0;
  #changedAt = nextMoment();

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async open(threads = 1): Promise<SnowflakeDatabase> {
    const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
    const database = new SnowflakeDatabase(instance);
    const connection = await instance.connect();
    // As PARAMETERS say: nothing may depend on the zone of an account.
    await connection.run("set global timezone = 'America/Los_Angeles'");
    await connection.run(hashAggMacro(12));
    await connection.run('create macro convert_timezone(zone, moment) as timezone(zone, moment)');
    for (const [name, value] of Object.entries(SESSION)) {
      await connection.run(`create macro ${name}() as '${value}'`);
    }
    connection.closeSync();
    return database;
  }

  /** What was the present becomes the past. */
  async attach(file: string): Promise<void> {
    const connection = await this.#instance.connect();
    this.#version++;
    this.#changedAt = nextMoment();
    await connection.run(`attach '${file}' as version_${this.#version} (read_only)`);
    connection.closeSync();
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  async run(
    connection: DuckDBConnection,
    queryId: string,
    sqlText: string,
    bindings: readonly Binding[],
  ): Promise<StatementResult> {
    this.#versionOfQuery.set(queryId, this.#version);
    if (this.stages.remove(sqlText)) return { queryId, ...DONE };
    const translated = this.objects.translate(this.stages.unload(sqlText), connection);
    if (translated === undefined) return { queryId, ...DONE };
    const sql = this.#inDuckDB(translated);
    const changed = changeKind(sqlText);
    if (changed !== undefined && bindings.some(({ value }) => Array.isArray(value))) {
      return { queryId, ...(await insertMany(connection, sql, bindings)) };
    }
    const result = await connection.runAndReadAll(sql, bindings.map(boundValue));
    const unloaded = this.stages.unloaded(sqlText, result);
    if (unloaded !== undefined) return { queryId, ...countResult('rows_unloaded', unloaded, 0x4000) };
    const types = result.columnTypes();
    const rowTypes = result.columnNames().map((name, column) => rowTypeOf(name, types[column]));
    if (changed !== undefined) {
      return { queryId, ...countResult(changed.column, String(result.getRows()[0]?.[0] ?? 0), changed.id) };
    }
    if (/^(?:\s*--[^\n]*\n)*\s*(create|alter|drop)\b/i.test(sqlText)) return { queryId, ...DONE };
    const rows = result.getRows().map((row) => row.map((value, column) => cellOf(value, rowTypes[column])));
    return { queryId, rowTypes, rows, statementTypeId: 0x1000 };
  }

  /** The shop's tables as the information schema lists them. */
  #tables(): string {
    return `(
      select upper(table_schema) as table_schema, upper(table_name) as table_name, table_type, ${this.#changedAt} as last_altered
      from information_schema.tables where table_catalog = 'version_${this.#version}'
    )`;
  }

  close(): void {
    this.stages.close();
    this.#instance.closeSync();
  }

  /** Names with a database become the tables of the snapshot that is meant, and `:1` becomes `$1`. */
  #inDuckDB(sqlText: string): string {
    return sqlText
      .replaceAll(QUALIFIED, (_, table: string, queryId: string | undefined) => {
        const version = queryId === undefined ? this.#version : this.#versionOfQuery.get(queryId);
        if (version === undefined) throw new Error(`Catalog Error: Statement ${queryId} not found`);
        return `version_${version}.${table}`;
      })
      .replaceAll(INFORMATION_SCHEMA, this.#tables())
      .replaceAll(/system\$last_change_commit_time\('[^']*'\)/g, String(this.#version))
      .replaceAll(/(?<![:\w]):(\d+)\b/g, '$$$1');
  }
}

/** `hash_agg` of one to `most` columns: a sum of hashes, which the order of rows does not change. */
function hashAggMacro(most: number): string {
  const overloads = Array.from({ length: most }, (_, count) => {
    const columns = Array.from({ length: count + 1 }, (_, column) => `c${column}`).join(', ');
    return `(${columns}) as cast(sum(cast(hash(${columns}) as hugeint)) % 9223372036854775807 as bigint)`;
  });
  return `create macro hash_agg${overloads.join(', ')}`;
}

const INSERTED_AT_ONCE = 500;

async function insertMany(connection: DuckDBConnection, sql: string, bindings: readonly Binding[]) {
  const [first] = bindings;
  const count = Array.isArray(first.value) ? first.value.length : 0;
  for (let from = 0; from < count; from += INSERTED_AT_ONCE) {
    const rows = Array.from({ length: Math.min(INSERTED_AT_ONCE, count - from) }, (_, row) => from + row);
    const [, one = ''] = /\bvalues\s*(\(.*\))/is.exec(sql) ?? [];
    const text = sql.replace(one, rows.map(() => one.replaceAll(/\$\d+/g, '?')).join(', '));
    const values = rows.flatMap((row) =>
      bindings.map(({ type, value }) =>
        boundValue({ type, value: Array.isArray(value) ? value[row] : value }),
      ),
    );
    await connection.run(text, values);
  }
  return countResult('number of rows inserted', String(count), 0x3100);
}

function countResult(column: string, count: string, statementTypeId: number) {
  return { rowTypes: [countType(column)], rows: [[count]], statementTypeId };
}

function boundValue({ type, value }: Binding): DuckDBValue {
  if (value === null || typeof value !== 'string') return null;
  if (type === 'FIXED') return BigInt(value);
  if (type === 'REAL') return Number(value);
  if (type === 'BOOLEAN') return value === 'true' || value === '1';
  return value;
}

function changeKind(sqlText: string): { id: number; column: string } | undefined {
  const [, word] = /^(?:\s*--[^\n]*\n)*\s*(insert|update|delete|merge)\b/i.exec(sqlText) ?? [];
  switch (word?.toLowerCase()) {
    case 'insert':
      return { id: 0x3100, column: 'number of rows inserted' };
    case 'update':
      return { id: 0x3200, column: 'number of rows updated' };
    case 'delete':
      return { id: 0x3300, column: 'number of rows deleted' };
    case 'merge':
      return { id: 0x3400, column: 'number of rows inserted' };
    default:
      return undefined;
  }
}

function countType(name: string): RowType {
  return { ...STATUS, name, type: 'fixed', precision: 19, scale: 0, length: null, byteLength: null };
}

const STATUS: RowType = {
  name: 'status',
  type: 'text',
  nullable: true,
  scale: null,
  precision: null,
  length: 16_777_216,
  byteLength: 16_777_216,
  database: '',
  schema: '',
  table: '',
};

const DONE = {
  rowTypes: [STATUS],
  rows: [['Statement executed successfully.']],
  statementTypeId: 0x6000,
};
