import { createContext, runInContext } from 'node:vm';
import {
  DOUBLE,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBDoubleVector,
  DuckDBScalarFunction,
  DuckDBVarCharVector,
  type DuckDBVector,
  VARCHAR,
} from '@duckdb/node-api';
import { type Kind, kindOf, SnowflakeCatalogue, withoutComment } from './snowflake-catalogue.ts';

/** Schemas that a deployment makes; the shop's own are those of a snapshot. */
const MADE =
  /"AUTOMATED_INTELLIGENCE"\."(INTERACTIVE|MODELS)"\."(\w+)"(?:\s+at\s*\(statement => '[^']+'\))?/g;
const CALLED = /"AUTOMATED_INTELLIGENCE"\."CHURN_MCP_FUNCTIONS"\."(\w+)"\s*\(/g;
/** Stands in for the procedure in Python, which `test/snowflake/mirror/pack_model.py` runs. */
const REGISTERED = `select '{"outcome": "registered", "difference": 0.0}' as register_model where json_valid(?)`;
const BODY = /\$\$\n?(.*)\$\$/s;

/**
 * What a deployment makes besides plain tables, as far as DuckDB can be brought to behave alike: dynamic and
 * interactive tables are tables as of their making, functions in JavaScript run in an engine of their own as they do in
 * the warehouse, and a procedure runs its one statement. Of agents, servers, integrations, tasks and functions in
 * Python it is only known that they are there.
 */
export class SnowflakeObjects {
  readonly #catalogue = new SnowflakeCatalogue();
  readonly granted = new Set<string>();
  readonly #procedures = new Map<string, { readonly parameters: readonly string[]; readonly body: string }>();
  /** The name in DuckDB of a function as it is now. */
  readonly #functions = new Map<string, string>();
  #functionsMade = 0;

  /** By kind and name, with the text that made each. */
  get made(): ReadonlyMap<string, string> {
    return this.#catalogue.made;
  }

  /** The statement for DuckDB, or undefined if DuckDB has nothing to do. */
  translate(sqlText: string, connection: DuckDBConnection): string | undefined {
    const sql = sqlText.replace(/^(?:\s*--[^\n]*\n)+/, '').trim();
    const kind = kindOf(sql);
    if (/^grant\s/i.test(sql)) return this.#grant(sql);
    if (/^alter service /i.test(sql)) return this.#catalogue.alterService(sql);
    if (/^alter table \S+ set change_tracking = true$/i.test(sql)) return undefined;
    if (/^with register_model as procedure/.test(sql)) return REGISTERED;
    if (kind === undefined) return this.#catalogue.answered(sql) ?? this.#inDuckDB(this.#called(sql));
    if (kind.verb === 'drop') {
      this.#catalogue.forget(kind);
      return this.#drop(sql, kind);
    }
    return this.#catalogue.add(kind, sqlText)
      ? this.#create(withoutComment(sql), kind, connection)
      : undefined;
  }

  /** Only on what is there. */
  #grant(sql: string): undefined {
    const [, service] = /^grant service role ([\w.]+)!/i.exec(sql) ?? [];
    if (service !== undefined && !this.made.has(`service ${service}`)) {
      throw new Error(`Catalog Error: service ${service} does not exist`);
    }
    const [, kind = '', name = ''] =
      /\bon\s+([a-z ]+?)\s+((?:"(?:[^"]|"")*"\.?)+)(?:\([^)]*\))?\s+to\s+role\s/i.exec(sql) ?? [];
    const key = `${kind.toLowerCase()} ${name.replaceAll('"', '').toUpperCase()}`;
    const isThere = [...this.made.keys()].some(
      (known) => known === key || known.startsWith(`${key}(`) || known === `interactive ${key}`,
    );
    // Databases, warehouses and the shop's tables are there before; what may be made in a schema needs no object.
    const isBefore =
      service !== undefined ||
      / on account to role /i.test(sql) ||
      ['database', 'warehouse'].includes(kind.toLowerCase()) ||
      name.includes('"RAW"');
    if (!isBefore && !isThere) throw new Error(`Catalog Error: ${key} does not exist`);
    this.granted.add(sql);
    return undefined;
  }

  #create(sql: string, { kind, name }: Kind, connection: DuckDBConnection): string | undefined {
    switch (kind) {
      case 'schema':
        return `create schema if not exists memory.${name.split('.').at(-1)}`;
      case 'dynamic table':
      case 'interactive table':
        return this.#inDuckDB(`create or replace table ${name} as ${sql.slice(sql.search(/\bas\s/i) + 2)}`);
      case 'view':
      case 'table':
        return this.#inDuckDB(sql);
      case 'procedure':
        this.#createProcedure(sql, name);
        return undefined;
      case 'function':
        return this.#createFunction(sql, name, connection);
      default:
        return undefined;
    }
  }

  #createProcedure(sql: string, name: string): void {
    const declared = (/\(([^)]*)\)/.exec(sql)?.[1] ?? '').trim();
    const parameters = declared === '' ? [] : declared.split(',').map((one) => one.trim().split(/\s+/)[0]);
    this.#procedures.set(`${objectOf(name)} ${parameters.length}`, { parameters, body: bodyOf(sql) });
  }

  #createFunction(sql: string, name: string, connection: DuckDBConnection): string | undefined {
    const declared = (/\(([^)]*)\)/.exec(sql)?.[1] ?? '')
      .split(',')
      .map((parameter) => parameter.trim().split(' '));
    const parameters = declared.map(([parameter]) => parameter);
    const language = /\blanguage (\w+)/i.exec(sql)?.[1].toLowerCase() ?? 'sql';
    if (language === 'python') return undefined;
    const own = `${objectOf(name)} #${++this.#functionsMade}`;
    const body = bodyOf(sql);
    if (language === 'sql') {
      const expression = this.#inDuckDB(body);
      this.#functions.set(objectOf(name), own);
      return `create macro memory.main."${own}"(${parameters.join(', ')}) as (${expression})`;
    }
    this.#functions.set(objectOf(name), own);
    const isText = declared.every(([, type]) => type.toLowerCase() === 'varchar');
    connection.registerScalarFunction(javascriptFunction({ name: own, parameters, body, isText }));
    return undefined;
  }

  #drop(sql: string, { kind, name }: Kind): string | undefined {
    if (kind === 'schema') {
      this.#functions.clear();
      return `drop schema if exists memory.${name.split('.').at(-1)} cascade`;
    }
    if (['dynamic table', 'interactive table'].includes(kind)) {
      return this.#inDuckDB(`drop table if exists ${name}`);
    }
    return ['view', 'table'].includes(kind) ? this.#inDuckDB(sql) : undefined;
  }

  /** `call` becomes the procedure's statement, with the arguments in place of its parameters. */
  #called(sql: string): string {
    const [, name, listed] = /^call\s+([\w".]+)\s*\((.*)\)$/is.exec(sql) ?? [];
    if (name === undefined) return sql;
    const given = listed.trim() === '' ? [] : listed.split(',').map((argument) => argument.trim());
    const made = this.#procedures.get(`${objectOf(name)} ${given.length}`);
    if (made === undefined) throw new Error(`Catalog Error: Procedure ${name} does not exist`);
    const [, column, statement] =
      /\bselect (\w+) into :\w+\s+(from \(.*\));\s+return /is.exec(made.body) ?? [];
    if (statement === undefined) throw new Error('Parser Error: The procedure has no statement.');
    return made.parameters.reduce(
      (text, parameter, at) => text.replaceAll(new RegExp(`:${parameter}\\b`, 'g'), () => given[at]),
      `select ${column} ${statement}`,
    );
  }

  /** Where DuckDB spells things otherwise. */
  #inDuckDB(sql: string): string {
    return sql
      .replaceAll(CALLED, (_, name: string) => {
        const own = this.#functions.get(name);
        if (own === undefined) throw new Error(`Catalog Error: Function ${name} does not exist`);
        return `"${own}"(`;
      })
      .replaceAll(/\btimestamp_ntz\b/gi, 'timestamp')
      .replaceAll(MADE, 'memory."$1"."$2"')
      .replaceAll(/listagg\((\w+), (chr\(10\))\) within group \((order by \w+)\)/gi, 'string_agg($1, $2 $3)')
      .replaceAll(/(regexp_replace\(.*?), ('[^']*'), ('[^']*')\)/g, "$1, $2, $3, 'g')");
  }
}

function objectOf(name: string): string {
  return name.split('.').at(-1)?.replaceAll('"', '').toUpperCase() ?? '';
}

function bodyOf(sql: string): string {
  const [, body] = BODY.exec(sql) ?? [];
  if (body === undefined) throw new Error('Parser Error: There is no body.');
  return body;
}

interface JavaScriptFunction {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly body: string;
  /** From texts to a text; else from numbers to a number. */
  readonly isText: boolean;
}

/** One engine for all functions: none may rely on having its own. */
const SHARED = createContext({});

/** Missing values are `undefined` in a function's body, and its undeclared variables last from row to row. */
function javascriptFunction({ name, parameters, body, isText }: JavaScriptFunction): DuckDBScalarFunction {
  const script = `(function (${parameters.map((parameter) => parameter.toUpperCase()).join(', ')}) {\n${body}\n})`;
  const call: unknown = runInContext(script, SHARED);
  if (typeof call !== 'function') throw new Error('Parser Error: The body is no function.');
  const type = isText ? VARCHAR : DOUBLE;
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: parameters.map(() => type),
    returnType: type,
    specialHandling: true,
    mainFunction: (_, chunk: DuckDBDataChunk, output: DuckDBVector) => {
      for (const [row, values] of chunk.getRows().entries()) {
        const result: unknown = call(...values.map((value) => value ?? undefined));
        if (output instanceof DuckDBVarCharVector)
          output.setItem(row, typeof result === 'string' ? result : null);
        else if (output instanceof DuckDBDoubleVector)
          output.setItem(row, typeof result === 'number' ? result : null);
        else throw new Error('A function gives a FLOAT or a VARCHAR.');
      }
      output.flush();
    },
  });
}
