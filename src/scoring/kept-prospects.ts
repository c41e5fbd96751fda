/**
 * What a forecast says of all customers as of the last order's day, kept in the home folder: `scores/VERSION_DATA.parquet`.
 * Every list of customers at risk compares all of them, and scoring them takes seconds in a large shop.
 */
import type { DataSource, Id } from '../data/data-source.ts';
import { keepTable, readKeptTable } from '../data/kept-table.ts';
import { unlessDiskFails } from '../files/kept-file.ts';

/** The folder of the home for scores and what is made of them. */
export const SCORES_FOLDER = 'scores';

/** One entry per customer with an order by the day, by customer id. */
export interface Prospects {
  readonly probabilities: Float32Array;
  /** What the customer spends in the horizon if they stay; NaN for those who are not active. */
  readonly expectedSpend: Float64Array;
}

/** Those of one version. */
export interface KeptProspects {
  /** Undefined if those of the day are not kept, or the file is damaged. */
  read(data: DataSource, day: DayOfCustomers): Promise<Prospects | undefined>;
  /** Keeps them if they are the champion's, as of the last order's day. */
  keep(data: DataSource, day: Prospects & { asOf: string; customerIds: readonly Id[] }): Promise<void>;
}

interface DayOfCustomers {
  readonly asOf: string;
  /** Customers with an order by the day. */
  readonly rowCount: number;
  readonly signal?: AbortSignal | undefined;
}

/** @param isChampion whether the version acts: two versions would remove each other's files */
export function keptProspectsOf(
  home: string,
  version: string,
  isChampion: () => Promise<boolean>,
): KeptProspects {
  // Every list needs them, and to open the file takes longer than most lists.
  let latest: { readonly fingerprint: string; readonly prospects: Prospects } | undefined;
  return {
    async read(data, { asOf, rowCount, signal }) {
      if (!(await isToday(data, asOf))) return undefined;
      const { fingerprint } = await data.summary();
      if (latest?.fingerprint === fingerprint) return latest.prospects;
      const table = await readKeptTable(home, { folder: SCORES_FOLDER, version, data, signal });
      if (table?.rowCount !== rowCount) return undefined;
      const prospects = {
        probabilities: table.float32('churn_probability'),
        expectedSpend: table.float64('expected_spend'),
      };
      latest = { fingerprint, prospects };
      return prospects;
    },
    async keep(data, { asOf, customerIds, probabilities, expectedSpend }) {
      if (!(await isToday(data, asOf)) || !(await isChampion())) return;
      const columns = [
        { name: 'customer_id', values: customerIds },
        { name: 'churn_probability', values: probabilities },
        { name: 'expected_spend', values: expectedSpend },
      ];
      await unlessDiskFails(() => keepTable(home, { folder: SCORES_FOLDER, version, data }, columns));
    },
  };
}

async function isToday(data: DataSource, asOf: string): Promise<boolean> {
  return asOf === (await data.summary()).lastOrderDate;
}
