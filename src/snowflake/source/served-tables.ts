/** Dynamic tables of a deployment that hold what a temporary table would, so that nothing has to be computed again. */
import { z } from 'zod';
import { SERVING_TABLES } from '../../data/serving-tables.ts';
import { SHOP_TABLE_NAMES } from '../../data/shop-tables.ts';
import type { Blanks } from '../blanks.ts';
import { deployedSchemas } from '../deployment/deployment-text.ts';
import { servingMark } from '../deployment/recommendation-procedure.ts';
import type { SnowflakeConfig, SnowflakeTables, TableName } from '../snowflake-config.ts';
import { literal, quoted } from '../statement-text.ts';

/** By the name of the serving table. */
export type ServedTables = ReadonlyMap<string, TableName>;

export interface DynamicTable {
  readonly servingTable: string;
  readonly name: TableName;
  /** The moment whose orders it holds, in UTC. */
  readonly dataAt: string;
}

const listedSchema = z.object({
  name: z.string(),
  comment: z.string().nullish(),
  /** Null for a role that may not see it. */
  data_timestamp: z.string().nullish(),
});

/** Those that churn-mcp made by the very statements of this configuration, of the rows of `sql/snowflake/dynamic_tables.sql`. */
export function dynamicTablesOf(rows: readonly unknown[], config: SnowflakeConfig): DynamicTable[] {
  const listed = rows.map((row) => listedSchema.parse(row));
  const { interactive } = deployedSchemas(config);
  return SERVING_TABLES.flatMap((serving) => {
    const stored = serving.table.toUpperCase();
    const found = listed.find(({ name }) => name === stored);
    if (found?.data_timestamp == null || found.comment !== servingMark(serving, config)) return [];
    return [{ servingTable: serving.table, name: [...interactive, stored], dataAt: found.data_timestamp }];
  });
}

const alteredSchema = z.object({ last_altered: z.string() });

/**
 * Those that hold the orders as they are: the shop's tables have not changed since, and every order that counts had counted by then.
 *
 * @param altered the rows of `sql/snowflake/last_altered.sql`, read after the summary was
 */
export function freshTables(
  tables: readonly DynamicTable[],
  altered: readonly unknown[],
  lastOrderDate: string,
): ServedTables {
  const changes = altered.map((row) => alteredSchema.parse(row).last_altered);
  if (changes.length < SHOP_TABLE_NAMES.length) return new Map();
  const fresh = tables.filter(
    ({ dataAt }) => changes.every((changed) => changed < dataAt) && lastOrderDate <= dataAt.slice(0, 10),
  );
  return new Map(fresh.map(({ servingTable, name }) => [servingTable, name]));
}

/** The names of the shop's tables for `sql/snowflake/last_altered.sql`. */
export function alteredBlanks(tables: SnowflakeTables): Blanks {
  return Object.fromEntries(
    SHOP_TABLE_NAMES.flatMap((table) => {
      const [database, schema, name] = tables[table] ?? tables.orders;
      return [
        [`${table}_database`, quoted(database)],
        [`${table}_schema`, literal(schema)],
        [`${table}_name`, literal(name)],
      ];
    }),
  );
}
