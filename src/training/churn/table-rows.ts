/** The rows of an imported table of customers: what of it can be learnt from, and how categories become numbers. */
import type { ColumnCells, FeatureTable, TableColumn } from '../../data/feature-table/feature-table.ts';
import { selectRows } from '../../dataset/column-rows.ts';
import { type RowSplit, stratifiedSplit } from '../../dataset/stratified-split.ts';
import { ChurnMcpError } from '../../errors.ts';
import { encodeTable, fitEncoding, type TableEncoding } from '../../features/category-encoding.ts';
import { singleFeatureScores } from '../../metrics/leakage.ts';
import { quoted } from '../../text/quoted.ts';
import type { ChurnPlan } from './plan.ts';
import type { ChurnRows } from './slices.ts';

const TEST_SHARE = 0.2;
const SPLIT_SEED = 42;
const LEAST_CUSTOMERS = 50;
const LEAST_OF_A_CLASS = 5;
/** A column that ranks so well alone was written down afterwards. */
const COPY_ROC_AUC = 0.999;

/** The columns learnt from, and those that give the target away. */
interface UsefulColumns {
  readonly columns: readonly TableColumn[];
  readonly cells: readonly ColumnCells[];
  readonly copies: readonly { name: string; reason: string }[];
}

/** What of a table is learnt from, and which of its rows. */
interface LearnableTable extends UsefulColumns {
  readonly split: RowSplit;
}

export interface TablePlan extends ChurnPlan, LearnableTable {}

export interface TableRows extends ChurnRows {
  /** How the registered model takes categories: fitted on all rows. */
  readonly encoding: TableEncoding;
}

/** @throws TOO_FEW_CUSTOMERS, ONE_CLASS, INVALID_ARGUMENT if every column gives the target away */
export function learnableTable(table: FeatureTable): LearnableTable {
  assertLearnable(table);
  const { ids, labels } = table;
  const split = stratifiedSplit({ ids, labels, testShare: TEST_SHARE, seed: SPLIT_SEED });
  return { ...usefulColumns(table, split.train), split };
}

/** Categories are encoded by the training rows alone for the evaluated model, and by all rows for the registered one. */
export function encodeTableRows({ columns, cells, split }: LearnableTable, table: FeatureTable): TableRows {
  const { ids, labels, weights } = table;
  const encoded = (encoding: TableEncoding) => ({
    ...encodeTable(columns, cells, encoding),
    labels,
    ...(weights && { weights }),
  });
  const held = encoded(fitEncoding(cells, table, split.train));
  const encoding = fitEncoding(cells, table, Uint32Array.from(ids.keys()));
  return {
    kind: 'random_split',
    train: selectRows(held, split.train),
    evaluation: selectRows(held, split.test),
    dated: [],
    refit: encoded(encoding),
    encoding,
  };
}

function assertLearnable({ ids, labels, summary }: FeatureTable): void {
  if (ids.length < LEAST_CUSTOMERS) {
    throw new ChurnMcpError(
      'TOO_FEW_CUSTOMERS',
      `The table has ${ids.length} customers, and training needs at least ${LEAST_CUSTOMERS}.`,
      { hint: 'Import a table with more rows.' },
    );
  }
  const churned = labels.reduce((sum, label) => sum + label, 0);
  const rarer = Math.min(churned, ids.length - churned);
  if (rarer >= LEAST_OF_A_CLASS) return;
  throw new ChurnMcpError(
    'ONE_CLASS',
    `Only ${rarer} customers have the rarer value of ${quoted(summary.target)}, so there is nothing to learn.`,
    { hint: `Import a table with at least ${LEAST_OF_A_CLASS} customers of each.` },
  );
}

/** A number may give the target away that no value of its own does: a score, a date of leaving. */
function usefulColumns(table: FeatureTable, rows: Uint32Array): UsefulColumns {
  const { summary, cells, labels } = table;
  const matrix = { ...encodeTable(summary.columns, cells, fitEncoding(cells, table, rows)), labels };
  const copies = singleFeatureScores(selectRows(matrix, rows)).map(({ rocAuc }) => rocAuc >= COPY_ROC_AUC);
  if (copies.every(Boolean)) {
    throw new ChurnMcpError('INVALID_ARGUMENT', 'Every column of the table gives the target away.', {
      hint: 'Import a table whose columns were known before customers left.',
    });
  }
  return {
    columns: summary.columns.filter((_, i) => !copies[i]),
    cells: cells.filter((_, i) => !copies[i]),
    copies: summary.columns
      .filter((_, i) => copies[i])
      .map(({ name }) => ({ name, reason: 'it gives the target away' })),
  };
}
