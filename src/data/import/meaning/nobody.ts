import { z } from 'zod';
import type { DuckDBConnection } from '../../duckdb/duckdb-engine.ts';
import { loadSql } from '../../load-sql.ts';
import type { ShopSystem } from '../systems/shop-system.ts';

/** Words that shops write instead of a customer without an account. Lower case. */
const GUEST_WORDS = [
  'guest',
  'guests',
  'guest user',
  'guest customer',
  'guest checkout',
  'anonymous',
  'anonymous user',
  'anonymous customer',
  'anonym',
  'walk-in',
  'walk in',
  'walkin',
  'walk-in customer',
  'walk in customer',
  'cash customer',
  'cash sale',
  'cash',
  'unknown customer',
  'no customer',
  'no account',
  'not registered',
  'unregistered',
  'not set',
  '(not set)',
  'default customer',
  'gast',
  'gastkunde',
  'gastbestellung',
  'laufkunde',
  'laufkundschaft',
  'barverkauf',
  'unbekannt',
  'invité',
  'invite',
  'client invité',
  'client de passage',
  'inconnu',
  'anonyme',
  'invitado',
  'cliente invitado',
  'consumidor final',
  'anónimo',
  'ospite',
  'cliente occasionale',
  'anonimo',
  'convidado',
  'anônimo',
  'gość',
  'gosc',
  'nieznany',
  'gäst',
  'gæst',
  'gjest',
  'okänd',
  'vieras',
  'host',
] as const;

const presentSchema = z.object({ id: z.string(), row_count: z.coerce.number() });
const zeroSchema = z.object({
  zero_orders: z.coerce.number(),
  other_customers: z.coerce.number(),
  others_are_numbers: z.boolean(),
  greatest_id: z.coerce.number(),
  most_orders: z.coerce.number(),
});

/** A customer id that stands for all guests together. */
export interface GuestId {
  readonly id: string;
  readonly rows: number;
}

/**
 * Finds the ids of guests in the staged rows, and sets the variable `guest_ids`.
 *
 * @param named ids that the user says are guests'
 */
export async function findGuests(
  connection: DuckDBConnection,
  systems: readonly ShopSystem[],
  named: readonly string[],
): Promise<GuestId[]> {
  const words = [...GUEST_WORDS, ...systems.flatMap(({ guests = [] }) => guests), ...named];
  await connection.run('set variable guest_words = cast(cast(? as json) as varchar[])', [
    JSON.stringify([...new Set(words.map((word) => word.toLowerCase()))]),
  ]);
  const rows = (await connection.runAndReadAll(loadSql('duckdb/import/guest_ids'))).getRowObjectsJson();
  const guests = rows
    .map((row) => presentSchema.parse(row))
    .map(({ id, row_count }) => ({ id, rows: row_count }));
  if (!guests.some(({ id }) => id === '0')) guests.push(...(await zeroAsGuest(connection)));
  await connection.run('set variable guest_ids = cast(cast(? as json) as varchar[])', [
    JSON.stringify(guests.map(({ id }) => id)),
  ]);
  return guests;
}

/**
 * Whether 0 is a guest. It is not if customers are numbered from 0: then the ids are numbers without large gaps, and
 * customer 0 has about as many orders as others.
 */
async function zeroAsGuest(connection: DuckDBConnection): Promise<GuestId[]> {
  const result = await connection.runAndReadAll(loadSql('duckdb/import/customer_zero'));
  const zero = zeroSchema.parse(result.getRowObjectsJson()[0]);
  if (zero.zero_orders === 0) return [];
  const isNumberedFromZero =
    zero.others_are_numbers &&
    zero.other_customers >= (zero.greatest_id + 1) / 2 &&
    zero.zero_orders <= 3 * Math.max(zero.most_orders, 1);
  return isNumberedFromZero ? [] : [{ id: '0', rows: zero.zero_orders }];
}
