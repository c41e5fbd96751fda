import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { BoosterTrainer } from '../gbdt/booster.ts';
import { packageRoot } from '../package-root.ts';

/** Libraries that a model's bytes or scores may depend on. */
const RELEVANT = ['@duckdb/node-api', '@bufbuild/protobuf', 'onnxruntime-node'];

const packageSchema = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});

/** Our own version and those of the libraries behind a model, a cluster's among them, for its card. */
export function libraryVersions(trainer?: BoosterTrainer): Record<string, string> {
  const { version, dependencies, peerDependencies } = packageSchema.parse(
    JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')),
  );
  const known = { ...dependencies, ...peerDependencies };
  const libraries = RELEVANT.flatMap((name) => (name in known ? [[name, known[name]]] : []));
  return {
    'churn-mcp': version,
    node: process.versions.node,
    ...Object.fromEntries(libraries),
    ...trainer?.libraries?.(),
  };
}
