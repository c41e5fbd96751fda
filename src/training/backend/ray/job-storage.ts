/** Where a job's tables lie so that the cluster can read them, and where it keeps its checkpoints. */
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { ChurnMcpError, throwIfAborted } from '../../../errors.ts';
import { loadOptional } from '../../../optional-package.ts';

export interface JobStorage {
  /** A folder, or an address that begins with s3://. No other job uses it. */
  readonly location: string;
  /** Copies a file to the storage. Returns the path or address under which the cluster finds it. */
  put(name: string, file: string, signal?: AbortSignal): Promise<string>;
  /** Removes all files of the job, the cluster's checkpoints among them. */
  remove(): Promise<void>;
}

/** The client throws its errors, so it need not log them too. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

const BUCKET = /^s3:\/\/([^/]+)\/*(.*?)\/*$/;

/**
 * @param storage a folder that this machine and the cluster share, or `s3://bucket/prefix`
 * @throws STORAGE if nothing can be written there, PACKAGE_MISSING if a bucket's client is not installed
 */
export async function openJobStorage(storage: string, job: string): Promise<JobStorage> {
  const [, bucket, prefix] = BUCKET.exec(storage) ?? [];
  if (bucket === undefined) return openFolder(join(storage, job));
  return openBucket(bucket, prefix ? `${prefix}/${job}` : job);
}

async function openFolder(location: string): Promise<JobStorage> {
  await mkdir(location, { recursive: false }).catch((cause: unknown) => {
    throw unwritable(
      'CHURN_MCP_RAY_STORAGE must be a folder that this machine can write to and the cluster can read.',
      cause,
    );
  });
  return {
    location,
    // Written from start to end without a rename, because the folder may be a mounted bucket.
    async put(name, file) {
      const there = join(location, name);
      await copyFile(file, there).catch((cause: unknown) => {
        throw unwritable('Check whether the disk of CHURN_MCP_RAY_STORAGE is full.', cause);
      });
      return there;
    },
    async remove() {
      await rm(location, { recursive: true, force: true });
    },
  };
}

/** The AWS library finds credentials, region and endpoint in its variables, its files or the machine's role. */
async function openBucket(bucket: string, prefix: string): Promise<JobStorage> {
  const { S3Client, PutObjectCommand } = await loadClient();
  const client = new S3Client({
    // S3-compatible stores need path-style URLs and reject default checksums.
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
          'Check the bucket in CHURN_MCP_RAY_STORAGE, AWS_REGION, AWS_ENDPOINT_URL and the credentials that the AWS tools use.',
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

/** Deletes files one by one: deleting many at once needs a checksum, which some stores do not support. */
async function empty(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  const { DeleteObjectCommand, paginateListObjectsV2 } = await loadClient();
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key } of Contents) await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }
}

const loadClient = () => loadOptional('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));

function ignore(): void {}

function unwritable(hint: string, cause: unknown): ChurnMcpError {
  return new ChurnMcpError('STORAGE', 'The rows of the training cannot be written for the cluster.', {
    hint,
    cause,
  });
}
