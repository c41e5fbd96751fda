/** Where a job's tables lie so that the cluster can read them, and where it keeps its checkpoints. */
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';

export interface JobStorage {
  /** A folder, or an address that begins with s3://, of this job alone. */
  readonly location: string;
  /** Copies a file there, and says where the cluster finds it. */
  put(name: string, file: string, signal?: AbortSignal): Promise<string>;
  /** Takes away whatever lies there, the cluster's checkpoints as well. */
  remove(): Promise<void>;
}

/** What goes wrong is thrown, and said once. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const BUCKET = /^s3:\/\/([^/]+)\/*(.*?)\/*$/;

/**
 * @param storage a folder that this machine and the cluster share, or `s3://bucket/prefix`
 * @throws STORAGE where nothing can be written there
 */
export async function openJobStorage(storage: string, job: string): Promise<JobStorage> {
  const [, bucket, prefix] = BUCKET.exec(storage) ?? [];
  if (bucket === undefined) return openFolder(join(storage, job));
  return openBucket(bucket, prefix ? `${prefix}/${job}` : job);
}

async function openFolder(location: string): Promise<JobStorage> {
  await mkdir(location, { recursive: false }).catch((cause: unknown) => {
    throw unwritable(
      'CHURN_MCP_RAY_STORAGE is a folder that this machine may write to, and the cluster read from.',
      cause,
    );
  });
  return {
    location,
    // From one end to the other and without renaming: the folder may be a bucket that is mounted.
    async put(name, file) {
      const there = join(location, name);
      await copyFile(file, there).catch((cause: unknown) => {
        throw unwritable('Look whether the folder of CHURN_MCP_RAY_STORAGE is full.', cause);
      });
      return there;
    },
    async remove() {
      await rm(location, { recursive: true, force: true });
    },
  };
}

/** Credentials, region and endpoint are found as by every program of AWS: in its variables, its files, or the machine's role. */
async function openBucket(bucket: string, prefix: string): Promise<JobStorage> {
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    // What is not Amazon's knows one host, and no sums that nobody asked for.
    forcePathStyle: true,
    followRegionRedirects: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    logger: SILENT,
  });
  return {
    location: `s3://${bucket}/${prefix}`,
    async put(name, file, signal) {
      const Key = `${prefix}/${name}`;
      const { size: ContentLength } = await stat(file);
      const Body = createReadStream(file);
      try {
        await client.send(
          new PutObjectCommand({ Bucket: bucket, Key, Body, ContentLength }),
          signal ? { abortSignal: signal } : {},
        );
      } catch (cause) {
        throwIfAborted(signal);
        throw unwritable(
          'Look at the bucket in CHURN_MCP_RAY_STORAGE, and at AWS_REGION, AWS_ENDPOINT_URL and the credentials that AWS’s own tools would use.',
          cause,
        );
      } finally {
        Body.destroy();
      }
      return `s3://${bucket}/${Key}`;
    },
    async remove() {
      await empty(client, bucket, `${prefix}/`);
      client.destroy();
    },
  };
}

/** One by one: what asks for no sum of the request is understood by every store. */
async function empty(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  const { DeleteObjectCommand, paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
}

function ignore(): void {}

function unwritable(hint: string, cause: unknown): ChurnMcpError {
  return new ChurnMcpError('STORAGE', 'The rows of the training cannot be written for the cluster.', {
    hint,
    cause,
  });
}
