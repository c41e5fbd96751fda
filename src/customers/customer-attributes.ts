/** Filters by a word of the customer: "country=France". */
import { z } from 'zod';
import type { DataSource, Relation } from '../data/data-source.ts';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { quoted, quotedList } from '../text/quoted.ts';

export interface CustomerAttribute {
  /** In lower case, with underscores. */
  readonly name: string;
  readonly value: string;
}

/** Attributes that every shop's table of customers has. Others are those that the import kept, such as country. */
const CUSTOMER_COLUMNS: readonly string[] = ['city', 'state', 'zip_code', 'customer_segment'];

/** @throws INVALID_ARGUMENT if the text is not written "name=value" */
export function parseAttribute(text: string): CustomerAttribute {
  const [, name, value] = /^\s*([^=]+?)\s*=\s*(.+?)\s*$/.exec(text) ?? [];
  if (name !== undefined && value !== undefined)
    return { name: name.toLowerCase().replaceAll(/[\s-]+/g, '_'), value };
  throw new ChurnMcpError('INVALID_ARGUMENT', `The attribute ${quoted(text)} is not written NAME=VALUE.`, {
    hint: 'Write it as in country=France.',
  });
}

/** @throws INVALID_ARGUMENT if no customer has one of the values */
export async function assertSomebodyHasEach(
  attributes: readonly CustomerAttribute[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const attribute of attributes) await assertSomebodyHas(attribute, data, signal);
}

/** @throws INVALID_ARGUMENT if the shop does not know an attribute of any customer */
export async function assertAreKnown(
  attributes: readonly CustomerAttribute[],
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const others = attributes.filter(({ name }) => !CUSTOMER_COLUMNS.includes(name));
  if (others.length === 0) return;
  const rows = await data.rows(
    { file: 'portable/reads/known_attributes', values: [], signal },
    z.object({ attribute: z.string() }),
  );
  const known = [...rows.map(({ attribute }) => attribute), ...CUSTOMER_COLUMNS];
  const unknown = others.find(({ name }) => !known.includes(name));
  if (unknown === undefined) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    `This shop knows no attribute ${quoted(unknown.name)} of its customers.`,
    {
      hint: `It knows ${quotedList(known)}. To filter by another column of a file, import the file with --keep COLUMN.`,
    },
  );
}

/** A misspelt value would otherwise be taken for a group without customers. */
async function assertSomebodyHas(
  { name, value }: CustomerAttribute,
  data: DataSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  const statement = { file: 'portable/reads/known_values', values: [name, value] } as const;
  const rows = await data.rows(
    { ...statement, signal },
    z.object({ value: z.string(), is_wanted: z.number() }),
  );
  if (rows.at(0)?.is_wanted === 1) return;
  const known = rows.map((row) => row.value);
  throw new ChurnMcpError('INVALID_ARGUMENT', `No customer has ${name} ${quoted(value)}.`, {
    hint:
      known.length === 0
        ? `This shop knows no ${name} of any customer: leave that condition out.${name === 'customer_segment' ? ' The condition "segment" takes segments made from orders.' : ''}`
        : `${didYouMean(value, known)}Values of ${name}: ${quotedList(known)}.`,
  });
}

/** The customers with an attribute, under a name of their own: `position` tells several attributes apart. */
export function customersWith({ name, value }: CustomerAttribute, position: number): Relation {
  return {
    name: `customers_with_attribute_${'abcdefghij'[position]}`,
    file: CUSTOMER_COLUMNS.includes(name)
      ? 'portable/reads/customers_with_column'
      : 'portable/reads/customers_with_attribute',
    values: [name, value],
  };
}
