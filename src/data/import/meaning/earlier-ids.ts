import { z } from 'zod';
import { quoted } from '../../../text/quoted.ts';
import { refuseUnlessAccepted } from '../acceptable-refusal.ts';
import type { EarlierShop } from '../earlier-shop.ts';
import type { ImportContext } from '../import-context.ts';
import { readRow } from '../staging/relations.ts';

const writtenSchema = z.object({
  written_alike: z.coerce.number(),
  written_otherwise: z.coerce.number(),
  example: z.string().nullable(),
  example_before: z.string().nullable(),
});

/**
 * Holds the ids of added orders against those that they are added to: a spreadsheet drops leading zeros, and every customer
 * would be a new one.
 *
 * @throws IMPORT_REFUSED if most known customers are written with other zeros
 */
export async function requireAlikeIds(
  context: ImportContext,
  earlier: EarlierShop | undefined,
): Promise<void> {
  if (earlier === undefined || context.request.mode !== 'append') return;
  const row = await readRow(context.connection, 'duckdb/import/earlier_ids_written_otherwise');
  const { written_alike, written_otherwise, example, example_before } = writtenSchema.parse(row);
  if (written_otherwise <= written_alike) return;
  refuseUnlessAccepted(context, 'other-zeros', {
    message: `Leading zeros of ${written_otherwise} customer ids differ from the previous data: ${quoted(example ?? '')} in the files, ${quoted(example_before ?? '')} before.`,
    hint: 'They would count as new customers. A spreadsheet drops such zeros: export the ids as text, or import all files together with --replace.',
  });
}
