/** One training in a process of its own: ours, or a peer's if PEERS_PYTHON names a Python that has it. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/package-root.ts';

export interface TrainingWorkload {
  readonly name: string;
  readonly rows: number;
  readonly features: number;
  readonly maxDepth: number;
  readonly threads: number;
}

const runSchema = z.object({
  wall: z.number(),
  cpu: z.number(),
  peakMegabytes: z.number(),
  auc: z.number(),
  scoring: z.number(),
});
export type TrainingRun = z.infer<typeof runSchema>;

export function trainOnce(
  library: string,
  folder: string,
  { rows, features, maxDepth, threads }: TrainingWorkload,
): TrainingRun {
  const args = [folder, rows, features, maxDepth, threads].map(String);
  const [command, ...first] =
    library === 'churn-mcp'
      ? [process.execPath, join(packageRoot(), 'dist', 'bench', 'train-ours.js')]
      : [process.env.PEERS_PYTHON ?? '', join(packageRoot(), 'bench', 'peers', 'train_peer.py'), library];
  const output = execFileSync(command, [...first, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  return runSchema.parse(JSON.parse(output.toString('utf8')));
}
