/** Whether a training could begin on the cluster, as far as that shows without one. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { packageRoot } from '../../../package-root.ts';
import { openJobStorage } from './job-storage.ts';
import { RayJobsClient } from './jobs-client.ts';
import { assertRecent, type RayOptions } from './ray-job.ts';

/**
 * The version of its Ray: it answers, takes the token and is new enough, and a file can be written to the storage of the rows.
 *
 * @throws RAY_UNREACHABLE, RAY_REFUSED, STORAGE
 */
export async function checkCluster(options: RayOptions, signal?: AbortSignal): Promise<string> {
  const version = await new RayJobsClient(options).version(signal);
  assertRecent(version);
  if (options.storage === undefined) return version;
  const storage = await openJobStorage(options.storage, `churn-mcp-check-${randomBytes(4).toString('hex')}`);
  try {
    await storage.put('requirements.txt', join(packageRoot(), 'ray', 'requirements.txt'), signal);
  } finally {
    await storage.remove().catch(() => undefined);
  }
  return version;
}
