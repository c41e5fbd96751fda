import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { predictRawScores } from '../../../src/gbdt/predictor.ts';
import { exportOnnx } from '../../../src/onnx/export-onnx.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { boostedEnsemble, probingMatrix, referenceProbabilities } from '../../helpers/random-trees.ts';

const python = process.env.CHURN_MCP_TEST_PYTHON ?? 'python3';
const hasRuntime = spawnSync(python, ['-c', 'import onnxruntime, pandas']).status === 0;

/** Stands in for the warehouse: it gives the function a batch of rows as columns without names. */
const CALLER = `
import json, sys, types
fake = types.ModuleType("_snowflake")
fake.vectorized = lambda **options: lambda function: function
sys.modules["_snowflake"] = fake
sys._xoptions["snowflake_import_directory"] = sys.argv[1]
import pandas
functions = {}
exec(open(sys.argv[2]).read(), functions)
rows = pandas.DataFrame(json.load(open(sys.argv[1] + "/rows.json")), dtype="float64")
print(json.dumps(functions["score"](rows).tolist()))
`;

describe.skipIf(!hasRuntime)(
  'the Python function over the ONNX file (skipped without onnxruntime and pandas)',
  () => {
    it('gives the same probabilities as this server, missing values included', () => {
      const ensemble = boostedEnsemble({ trees: 60, depth: 6, featureCount: 9 });
      const matrix = probingMatrix(ensemble, 400);
      // JSON knows neither infinity nor the values that a double cannot hold beside float32.
      const rows = Array.from({ length: matrix.rowCount }, (_, row) =>
        matrix.columns.map((column) => (Number.isFinite(column[row]) ? column[row] : null)),
      );
      for (const column of matrix.columns) {
        for (const [row, value] of column.entries()) if (!Number.isFinite(value)) column[row] = Number.NaN;
      }
      const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-onnx-'));
      writeFileSync(join(folder, 'model.onnx'), exportOnnx(ensemble, { model: 'm' }));
      writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows));
      const script = join(packageRoot(), 'sql', 'snowflake', 'score_onnx.py');
      const output = execFileSync(python, ['-c', CALLER, folder, script], { encoding: 'utf8' });
      const scores: unknown = JSON.parse(output);
      const expected = referenceProbabilities(predictRawScores(ensemble, matrix));
      expect(scores).toHaveLength(expected.length);
      const distances = [...expected].map((value, row) =>
        Math.abs(value - Number(Array.isArray(scores) && scores[row])),
      );
      expect(Math.max(...distances)).toBeLessThan(1e-6);
    });
  },
);
