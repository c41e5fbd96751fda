import { z } from 'zod';
import { loadSql } from '../../load-sql.ts';
import type { ImportContext } from '../import-context.ts';
import { CHARGE_CODES, CHARGE_PHRASES, CHARGE_WORDS } from './charge-words.ts';
import { type ChargeReason, chargeReason } from './charges.ts';

/** A sold item that is no product: it counts as spend and is never recommended. */
export interface Charge {
  readonly id: string;
  readonly name: string | null;
  readonly why: ChargeReason | 'as you said';
}

/** A coarse first search over lower case without accents: it finds every possible charge, and more. */
const CHARGE_PATTERN = `(?:^|[^a-z])(?:${[...CHARGE_WORDS, ...CHARGE_PHRASES].map((words) => words.replaceAll(' ', '[^a-z]+')).join('|')})(?:[^a-z]|$)`;

const candidateSchema = z
  .object({
    product_id: z.string(),
    product_name: z.string().nullable(),
    product_category: z.string().nullable(),
    highest_price: z.coerce.number().nullable(),
  })
  .transform((row) => ({
    id: row.product_id,
    name: row.product_name,
    category: row.product_category,
    highestPrice: row.highest_price,
  }));

/**
 * Finds what is no product among the lines and the catalogue, as `staging.charges`, and tells the statements (the
 * variable `has_charges`). Only products whose name, code, category or price may say so are looked at.
 */
export async function findCharges({ connection, request }: ImportContext): Promise<Charge[]> {
  const isProduct = new Set(request.isProducts ?? []);
  const named = (request.notProducts ?? []).filter((id) => !isProduct.has(id));
  await connection.run('set variable charge_codes = cast(cast(? as json) as varchar[])', [
    JSON.stringify([...CHARGE_CODES]),
  ]);
  await connection.run('set variable charge_pattern = ?', [CHARGE_PATTERN]);
  const rows = (
    await connection.runAndReadAll(loadSql('duckdb/import/charge_candidates'))
  ).getRowObjectsJson();
  const found = rows
    .map((row) => candidateSchema.parse(row))
    .flatMap((product): Charge[] => {
      const why = chargeReason(product);
      return why === undefined ? [] : [{ id: product.id, name: product.name, why }];
    });
  const charges = new Map<string, Charge>();
  for (const charge of found) if (!isProduct.has(charge.id)) charges.set(charge.id, charge);
  for (const id of named) charges.set(id, { id, name: charges.get(id)?.name ?? null, why: 'as you said' });
  await connection.run(loadSql('duckdb/import/create_charges'), [JSON.stringify([...charges.keys()])]);
  await connection.run(loadSql('duckdb/import/macro_is_charge'));
  await connection.run('set variable has_charges = ?', [charges.size > 0]);
  return [...charges.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
