import { type Blanks, fillBlanks } from '../blanks.ts';
import { COUNTED_ON_ANY_DAY } from '../counted-rows.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { inSnowflake, quoted } from '../statement-text.ts';
import type { Part } from './deployment-part.ts';

type Schema = readonly [database: string, schema: string];

/** The schemas of a deployment's objects. */
export interface DeployedSchemas {
  readonly interactive: Schema;
  readonly models: Schema;
  /** A schema with only functions made from models, so that all can be removed at once. */
  readonly functions: Schema;
}

export function deployedSchemas({ modelsSchema }: SnowflakeConfig): DeployedSchemas {
  const [database] = modelsSchema;
  return {
    interactive: [database, 'INTERACTIVE'],
    models: modelsSchema,
    functions: [database, 'CHURN_MCP_FUNCTIONS'],
  };
}

/** A statement of a deployment. */
export interface Step {
  /** In `sql/snowflake/deploy`. */
  readonly file: string;
  /** What the statement is for, if a file serves several. */
  readonly about: string;
  readonly text: string;
  /** If it is refused, the rest of its part and parts that need it are left out. Undefined if no other step needs it. */
  readonly part?: Part | undefined;
  /** Of a removal: the text lists the functions of this schema, of which each that churn-mcp made is dropped. */
  readonly ofEachFunctionIn?: Schema;
}

const PIECES = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w.$])(interactive|models)\.([a-z_]+)\b/g;

/**
 * A statement as it is sent: `raw.orders` becomes the table configured, `interactive.x` and `models.x` objects of the
 * deployment, `blank_x` its given value. Comments and literals are not changed.
 */
export function deployedText(
  file: string,
  { tables, ...config }: SnowflakeConfig,
  schemas: DeployedSchemas,
  blanks: Blanks,
): string {
  const named = file.replaceAll(PIECES, (piece: string, schema?: string, object?: string) =>
    object === undefined
      ? piece
      : objectName(schema === 'models' ? schemas.models : schemas.interactive, object),
  );
  const filled = fillBlanks(named, blanks);
  return inSnowflake(filled, {
    tables,
    asSeenBy: undefined,
    counted: { ...COUNTED_ON_ANY_DAY, ordersHaveZones: config.ordersHaveZones === true },
    ...config,
  }).text.trim();
}

/** Objects are stored in upper case, as if their names had been written without quotes. */
export function objectName(schema: Schema, object: string): string {
  return quoted(...schema, object.toUpperCase());
}

/** The name of what belongs to the whole account: another database there may have a deployment of its own. */
export function accountName({ models: [database] }: DeployedSchemas, object: string): string {
  return quoted(`CHURN_MCP_${database}_${object.toUpperCase()}`);
}
