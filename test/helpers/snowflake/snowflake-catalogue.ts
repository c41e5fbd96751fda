/** What is in the account, as SHOW and DESCRIBE say it. */
import { nextMoment } from './moments.ts';

export interface Kind {
  readonly verb: 'create' | 'drop';
  readonly kind: string;
  /** As the statement writes it. */
  readonly name: string;
  /** Of a function or a procedure: `(FLOAT, VARCHAR)`. */
  readonly signature: string;
  readonly ifNotExists: boolean;
}

const KINDS =
  /^(create|drop)\s+(?:or\s+replace\s+)?(dynamic table|interactive table|table|interactive warehouse|warehouse|api integration|integration|external mcp server|mcp server|agent|task|schema|view|function|procedure|stage|role|model|service|image repository|compute pool)\s+(if\s+(?:not\s+)?exists\s+)?([\w".]+)\s*(\([^)]*\))?/i;
const TABLES = ['table', 'dynamic table', 'interactive table', 'view'];
const COMMENT = /\bcomment\s*=\s*'((?:[^']|'')*)'/i;

export function kindOf(sql: string): Kind | undefined {
  const [, verb, kind, condition, name, parameters = ''] = KINDS.exec(sql) ?? [];
  if (/^alter task /i.test(sql)) {
    const resumed = sql.split(' ')[2];
    return { verb: 'create', kind: 'resumed task', name: resumed, signature: '', ifNotExists: false };
  }
  if (kind === undefined) return undefined;
  const known = kind.toLowerCase().replace(/^(?:api|interactive) (integration|warehouse)$/, '$1');
  return {
    verb: verb.toLowerCase() === 'drop' ? 'drop' : 'create',
    kind: known,
    name,
    signature: ['function', 'procedure'].includes(known) ? signatureOf(parameters) : '',
    ifNotExists: verb.toLowerCase() === 'create' && condition !== undefined,
  };
}

/** Functions of one name with other arguments are others. */
function signatureOf(parameters: string): string {
  const types = parameters
    .slice(1, -1)
    .split(',')
    .map((parameter) => {
      const [first, second] = parameter.trim().split(/\s+/);
      return (second ?? first).toUpperCase().replace('INTEGER', 'NUMBER');
    });
  return `(${types.join(', ')})`;
}

/** A statement without the comment that it gives to what it makes, which DuckDB does not know. */
export function withoutComment(sql: string): string {
  return sql.replace(COMMENT, '');
}

export class SnowflakeCatalogue {
  /** By kind and name, with the text that made each. */
  readonly made = new Map<string, string>();
  /** When each was made. A dynamic table holds the orders of that moment, because none is refreshed. */
  readonly #madeAt = new Map<string, string>();
  readonly #comments = new Map<string, string>();

  /** Whether the statement makes anything anew. */
  add(kind: Kind, text: string): boolean {
    const key = keyOf(kind);
    if (kind.ifNotExists && this.made.has(key)) return false;
    if (TABLES.includes(kind.kind)) this.#forgetTable(kind.name);
    this.made.set(key, text);
    this.#madeAt.set(key, nextMoment());
    this.#comments.delete(key);
    return true;
  }

  /** A service keeps its name, comment and address, and gets another specification. */
  alterService(sql: string): undefined {
    const [, name = '', specification = ''] =
      /^alter service ([\w.]+)\s+from specification\s+(\$\$.*\$\$)$/is.exec(sql) ?? [];
    const made = this.made.get(`service ${name}`);
    if (made === undefined) throw new Error(`Catalog Error: service ${name} does not exist`);
    this.made.set(
      `service ${name}`,
      made.replace(/\$\$.*\$\$/s, () => specification),
    );
  }

  forget(kind: Kind): void {
    const key = keyOf(kind);
    if (kind.kind === 'table') this.#forgetTable(kind.name);
    this.made.delete(key);
    this.made.delete(`resumed ${key}`);
    if (kind.kind !== 'schema') return;
    for (const known of this.made.keys()) {
      if (known.includes(` ${plain(kind.name)}.`)) this.made.delete(known);
    }
  }

  /** Tables of all kinds, and views, share their names. */
  #forgetTable(name: string): void {
    for (const kind of TABLES) this.made.delete(`${kind} ${plain(name)}`);
  }

  /** What DuckDB is to answer instead, if the statement asks what there is. */
  answered(sql: string): string | undefined {
    const [, listed, schema] = /^show (?:user )?([\w ]+?) in schema ([\w".]+)$/i.exec(sql) ?? [];
    if (listed !== undefined) return this.#inSchema(listed.toLowerCase(), plain(schema));
    const [, kinds, pattern] =
      /^show (warehouse|integration|role|compute pool)s like '(.*)'$/i.exec(sql) ?? [];
    if (kinds !== undefined) return this.#rows([kinds.toLowerCase()], ` ${pattern}`);
    if (/^show grants to role /i.test(sql)) {
      return "select '' as privilege, '' as granted_on, '' as name where false";
    }
    const [, kind, name] = /^describe ((?:external )?mcp server) ([\w".]+)$/i.exec(sql) ?? [];
    if (kind !== undefined) {
      const text = this.made.get(`${kind.toLowerCase()} ${plain(name)}`);
      if (text === undefined) throw new Error(`Catalog Error: ${plain(name)} does not exist`);
      return `select ${textLiteral(plain(name))} as name, ${textLiteral(text)} as server_spec`;
    }
    const [, model] = /^show versions in model ([\w".]+)$/i.exec(sql) ?? [];
    if (model !== undefined) return this.#rows(['model version'], ` ${plain(model)}!`);
    const [, versioned, version, said] =
      /^alter model ([\w".]+) modify version (\w+) set comment = '(.*)'$/i.exec(sql) ?? [];
    if (versioned !== undefined) {
      this.made.set(`model version ${plain(versioned)}!${version}`, `comment = '${said}'`);
      return `select 'Statement executed successfully.' as status`;
    }
    const [, of, commented, comment] = /^comment on ([a-z ]+) ([\w".]+) is '(.*)'$/i.exec(sql) ?? [];
    if (of === undefined) return undefined;
    this.#comments.set(`${of} ${plain(commented)}`, comment);
    return `select 'Statement executed successfully.' as status`;
  }

  #inSchema(listed: string, schema: string): string {
    if (!this.made.has(`schema ${schema}`)) throw new Error(`Catalog Error: Schema ${schema} does not exist`);
    return this.#rows(
      listed === 'objects' ? TABLES : [listed.replace(/ies$/, 'y').replace(/s$/, '')],
      ` ${schema}.`,
    );
  }

  #rows(kinds: readonly string[], prefix: string): string {
    const rows = [...this.made].flatMap(([key, text]) => {
      const kind = kinds.find((one) => key.startsWith(`${one}${prefix}`));
      if (kind === undefined) return [];
      const [, name, parameters = ''] = /([^.! ]+?)(\(.*\))?$/.exec(key) ?? [];
      const comment = this.#comments.get(key) ?? COMMENT.exec(text)?.[1] ?? '';
      const isCalled = ['function', 'procedure'].includes(kind);
      const described = isCalled && comment === '' ? `user-defined ${kind}` : comment;
      const columns = [
        `${textLiteral(name)} as name`,
        `${textLiteral(described)} as ${isCalled ? 'description' : 'comment'}`,
        ...(kind === 'dynamic table' ? [`${this.#madeAt.get(key)} as data_timestamp`] : []),
        ...(isCalled ? [`${textLiteral(`${name}${parameters} RETURN FLOAT`)} as arguments`] : []),
      ];
      return [`select ${columns.join(', ')}`];
    });
    if (rows.length > 0) return rows.join('\nunion all by name\n');
    return "select '' as name, '' as comment, '' as description, '' as arguments where false";
  }
}

function keyOf({ kind, name, signature }: Kind): string {
  return `${kind} ${plain(name)}${signature}`;
}

function plain(name: string): string {
  return name.replaceAll('"', '').toUpperCase();
}

function textLiteral(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
