/** Who made what is in the account. What churn-mcp makes says so, and a deployment replaces and drops nothing else. */
import { z } from 'zod';
import { loadSql, type SqlFileIn } from '../../data/load-sql.ts';
import { ChurnMcpError } from '../../errors.ts';
import { type Blanks, fillBlanks } from '../blanks.ts';
import type { SnowflakeSession } from '../session/snowflake-session.ts';
import { literal, quoted } from '../statement-text.ts';
import type { Kind, NamedObject } from './named-object.ts';

/** Stands in the comment of all that is made; of kinds that take none, in what they say of themselves. */
const MARK = 'churn-mcp';

type Listing = SqlFileIn<'snowflake/made'>;

/** The statement that lists the objects of a kind. A schema is shared with others: it is only ever made if it is missing. */
const LISTINGS: Readonly<Record<Exclude<Kind, 'schema'>, Listing>> = {
  table: 'objects',
  view: 'objects',
  'dynamic table': 'objects',
  'interactive table': 'objects',
  function: 'functions',
  procedure: 'procedures',
  stage: 'stages',
  agent: 'agents',
  task: 'tasks',
  'mcp server': 'mcp_server',
  'external mcp server': 'external_mcp_server',
  warehouse: 'warehouses',
  integration: 'integrations',
  role: 'roles',
  model: 'models',
  service: 'services',
  'image repository': 'image_repositories',
  'compute pool': 'compute_pools',
};

const listedSchema = z.object({
  name: z.string(),
  comment: z.string().nullish(),
  /** Where functions and procedures have their comment. */
  description: z.string().nullish(),
  arguments: z.string().nullish(),
});
type Listed = z.output<typeof listedSchema>;

/** Reads what there is, each list once. */
export class MadeObjects {
  readonly #session: SnowflakeSession;
  readonly #signal: AbortSignal;
  readonly #lists = new Map<string, Promise<readonly unknown[]>>();

  constructor(session: SnowflakeSession, signal: AbortSignal) {
    this.#session = session;
    this.#signal = signal;
  }

  async makerOf(object: NamedObject): Promise<'nobody' | 'churn-mcp' | 'others'> {
    const { kind, name } = object;
    if (kind === 'schema') return 'churn-mcp';
    const rows = await this.#list(LISTINGS[kind], {
      schema: quoted(...name.slice(0, -1)),
      object: quoted(...name),
      name: literal(name.at(-1) ?? ''),
    });
    if (kind === 'mcp server' || kind === 'external mcp server') {
      if (rows.length === 0) return 'nobody';
      return JSON.stringify(rows).includes(MARK) ? 'churn-mcp' : 'others';
    }
    const same = rows.map((row) => listedSchema.parse(row)).filter((listed) => isSame(listed, object));
    if (same.length === 0) return 'nobody';
    if (same.every(isOurs) || (kind === 'model' && (await this.#isUnfinished(object)))) return 'churn-mcp';
    return 'others';
  }

  /** A model gets its comment after its first version. If the registration was killed between the two, only versions have one. */
  async #isUnfinished({ name }: NamedObject): Promise<boolean> {
    const rows = await this.#list('model_versions', { object: quoted(...name) });
    return rows.length > 0 && rows.every((row) => isOurs(listedSchema.parse(row)));
  }

  /** Each function of a schema that churn-mcp made, with the types of its arguments, as it is dropped. */
  async functionsOf(schema: readonly string[]): Promise<string[]> {
    const rows = await this.#list('functions', { schema: quoted(...schema) });
    return rows
      .map((row) => listedSchema.parse(row))
      .filter(isOurs)
      .map((listed) => `${quoted(...schema, listed.name)}(${argumentsOf(listed).join(', ')})`);
  }

  #list(listing: Listing, blanks: Blanks): Promise<readonly unknown[]> {
    const text = fillBlanks(loadSql(`snowflake/made/${listing}`), blanks);
    const known = this.#lists.get(text);
    if (known !== undefined) return known;
    const statement = { text, values: [], tag: `churn-mcp deploy ${listing}`, signal: this.#signal };
    const rows = this.#session
      .rows(statement)
      .then((result) => result.rows)
      .catch((error: unknown) => {
        // If nothing may be seen, nothing can be replaced either.
        if (error instanceof ChurnMcpError && error.code === 'SNOWFLAKE_ACCESS') return [];
        throw error;
      });
    this.#lists.set(text, rows);
    return rows;
  }
}

function isOurs({ comment, description }: Listed): boolean {
  return (comment ?? description ?? '').startsWith(`${MARK}: `);
}

/** Of functions with as many arguments, any could be the one that is meant. */
function isSame(listed: Listed, { name, argumentTypes }: NamedObject): boolean {
  if (listed.name !== name.at(-1)) return false;
  return argumentTypes === undefined || argumentsOf(listed).length === argumentTypes.length;
}

/** Of `NAME(NUMBER, VARCHAR DEFAULT) RETURN VARCHAR`, the types. */
function argumentsOf({ arguments: text }: Listed): string[] {
  const [, types = ''] = /\((.*)\)\s+RETURN\b/is.exec(text ?? '') ?? [];
  return types
    .replaceAll(/\([^()]*\)|\bDEFAULT\b/gi, '')
    .split(',')
    .map((type) => type.trim())
    .filter((type) => type !== '');
}
