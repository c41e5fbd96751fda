/** The retraining with Ray in Snowflake's container runtime, against the real packages as far as PyPI has them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../../src/package-root.ts';
import { readUbjson } from '../../../src/xgboost/read-ubjson.ts';
import { parseXgboostModel } from '../../../src/xgboost/xgboost-model.ts';
import { hasPackages, python } from '../../helpers/snowflake/snowflake-python.ts';

const seenSchema = z.looseObject({
  in_package: z.boolean(),
  scaled: z.array(z.int()),
  failed: z.string().optional(),
});

function retrain(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-runtime-'));
  const script = join(packageRoot(), 'test', 'snowflake', 'runtime', 'run_retraining.py');
  const said = execFileSync(python, [script, packageRoot(), folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { folder, seen: seenSchema.parse(JSON.parse(said.trim().split('\n').at(-1) ?? '')) };
}

const hasAll = hasPackages('snowflake.ml.registry', 'xgboost', 'pyarrow');

describe.skipIf(!hasAll)(
  'the retraining in the container runtime (skipped without snowflake-ml-python, xgboost and pyarrow)',
  () => {
    it('scales to four nodes and back, registers the model, and leaves a file that is imported here', () => {
      const { folder, seen } = retrain();
      expect(seen).toMatchObject({
        // Only the runtime has it, so its signature is that of the documentation.
        in_package: false,
        scaled: [4, 1],
        registry: { database_name: 'SHOP', schema_name: 'MODELS' },
        request: { workers: 4, rounds: 100 },
        logged: {
          kind: 'Booster',
          model_name: 'CUSTOMER_CHURN_PREDICTOR',
          comment: expect.stringMatching(/^churn-mcp: ROC-AUC: 0\.\d{4} F1: 0\.\d{4} /),
          metrics: { roc_auc: expect.any(Number), f1: expect.any(Number), test_samples: expect.any(Number) },
        },
        model_comment: 'churn-mcp: versions of customer_churn_predictor',
        put: { auto_compress: false },
      });
      const model = parseXgboostModel(readUbjson(readFileSync(join(folder, 'model.ubj'))));
      expect(model.trees).toHaveLength(100);
    }, 120_000);

    it('adds no version to a model of that name that others made', () => {
      const { seen } = retrain('others');
      expect(seen).toMatchObject({
        failed: 'The model CUSTOMER_CHURN_PREDICTOR is there already, and churn-mcp did not make it.',
        scaled: [],
      });
    }, 120_000);

    it('scales back to one node after a training that failed, and registers nothing', () => {
      const { seen } = retrain('fail');
      expect(seen).toMatchObject({ failed: 'a worker was lost', scaled: [4, 1] });
      expect(seen).not.toHaveProperty('logged');
    }, 120_000);
  },
);
