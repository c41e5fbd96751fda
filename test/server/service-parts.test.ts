import { expect, it } from 'vitest';
import { createServiceParts, openOrTrain } from '../../src/server/service-parts.ts';
import { leavingCustomers } from '../helpers/leaving-customers.ts';
import { makeSnapshot, newTestHome } from '../helpers/snapshot.ts';

it('a call reads orders that were imported while it waited for its training', async () => {
  const home = await newTestHome();
  await using before = await makeSnapshot(leavingCustomers({ customers: 30, days: 100 }), home);
  await using parts = createServiceParts({ home });
  const shared = {
    scorers: Object.assign(Object.create(parts.scorers), {
      championOf: async () => undefined,
      open: async () => ({ version: {}, scorer: {} }),
    }),
    trainings: {
      ...parts.trainings,
      ensureChampion: async () => {
        await using _after = await makeSnapshot(leavingCustomers({ customers: 30, days: 200 }), home);
        return true;
      },
    },
  };
  const served = await openOrTrain({ ...parts, ...shared }, 'customer_churn_forecast', undefined, {});
  expect(served.trainedNow).toBe(true);
  expect((await served.data.summary()).lastOrderDate > before.summary.lastOrderDate).toBe(true);
});
