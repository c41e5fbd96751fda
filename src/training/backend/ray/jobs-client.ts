/** Ray's Jobs REST API, as far as it is used (docs.ray.io, "Ray Jobs REST API"). */
import { z } from 'zod';
import { ChurnMcpError } from '../../../errors.ts';
import { plainText } from '../../../text/plain-text.ts';
import { type HttpMethod, httpRequest } from './http-request.ts';

/** Characters of a cluster's answer that the log keeps. */
const MOST_OF_REFUSAL = 1000;

export interface RayConnection {
  /** Of the head node's dashboard, such as http://127.0.0.1:8265. */
  readonly address: URL;
  readonly token: string | undefined;
}

export const RAY_JOB_STATUSES = ['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED'] as const;
export type RayJobStatus = (typeof RAY_JOB_STATUSES)[number];

export interface RayJob {
  readonly status: RayJobStatus;
  readonly message: string;
}

export interface RayJobRequest {
  readonly submissionId: string;
  readonly entrypoint: string;
  /** Name of the package that `upload` was given. */
  readonly packageName: string;
  readonly environment: Readonly<Record<string, string>>;
}

const REQUEST_TIMEOUT_MS = 30_000;

const versionSchema = z.looseObject({ ray_version: z.string() });
const jobSchema = z.looseObject({
  status: z.enum(RAY_JOB_STATUSES),
  message: z.string().nullish(),
});
const logsSchema = z.looseObject({ logs: z.string() });

export class RayJobsClient {
  readonly #connection: RayConnection;

  constructor(connection: RayConnection) {
    this.#connection = connection;
  }

  async version(signal?: AbortSignal): Promise<string> {
    try {
      return (await this.#json('GET', '/api/version', versionSchema, { signal })).ray_version;
    } catch (error) {
      // Every Ray reports a version, so a server without one is not Ray.
      throw error instanceof ChurnMcpError && error.code === 'RAY_JOB_LOST' ? notRay(error) : error;
    }
  }

  /** Puts a working directory, zipped, where the cluster's nodes get it from. */
  async upload(packageName: string, zip: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#send('PUT', `/api/packages/gcs/${packageName}`, { body: zip, signal });
  }

  async submit(job: RayJobRequest, signal?: AbortSignal): Promise<void> {
    const body = JSON.stringify({
      submission_id: job.submissionId,
      entrypoint: job.entrypoint,
      // The entrypoint only waits; the workers take the cores.
      entrypoint_num_cpus: 0,
      runtime_env: { working_dir: `gcs://${job.packageName}`, env_vars: job.environment },
      metadata: { submitter: 'churn-mcp' },
    });
    // Without the slash at the end Ray answers with a redirection that loses the body.
    await this.#json('POST', '/api/jobs/', z.unknown(), { body, signal });
  }

  async job(submissionId: string, signal?: AbortSignal): Promise<RayJob> {
    const { status, message } = await this.#json('GET', `/api/jobs/${submissionId}`, jobSchema, { signal });
    return { status, message: message ?? '' };
  }

  /** All that it has printed so far; the last line may be unfinished. */
  async logs(submissionId: string, signal?: AbortSignal): Promise<string> {
    return (await this.#json('GET', `/api/jobs/${submissionId}/logs`, logsSchema, { signal })).logs;
  }

  async stop(submissionId: string): Promise<void> {
    await this.#json('POST', `/api/jobs/${submissionId}/stop`, z.unknown(), {});
  }

  async #json<Answer>(
    method: HttpMethod,
    path: string,
    schema: z.ZodType<Answer>,
    options: SendOptions,
  ): Promise<Answer> {
    const text = await this.#send(method, path, options);
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw notRay(cause);
    }
  }

  async #send(method: HttpMethod, path: string, { body, signal }: SendOptions): Promise<string> {
    const { address, token } = this.#connection;
    try {
      const { status, text } = await httpRequest(new URL(path, address), {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(typeof body === 'string' && { 'content-type': 'application/json' }),
        },
        body,
        silenceMs: REQUEST_TIMEOUT_MS,
        signal,
      });
      if (status >= 200 && status < 300) return text;
      throw refusal(status, text);
    } catch (error) {
      if (error instanceof ChurnMcpError || signal?.aborted) throw error;
      throw new ChurnMcpError('RAY_UNREACHABLE', `No Ray cluster answers at ${address.origin}.`, {
        hint: 'Start one with: ray start --head --include-dashboard=true, or correct CHURN_MCP_RAY_ADDRESS.',
        cause: error,
      });
    }
  }
}

interface SendOptions {
  readonly body?: string | Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

function refusal(status: number, text: string): ChurnMcpError {
  const cause = new Error(`${status}: ${plainText(text, MOST_OF_REFUSAL)}`);
  switch (status) {
    case 401:
      return new ChurnMcpError('RAY_REFUSED', 'The Ray cluster requires a token.', {
        hint: 'Set CHURN_MCP_RAY_TOKEN to the RAY_AUTH_TOKEN of the cluster.',
        cause,
      });
    case 403:
      return new ChurnMcpError('RAY_REFUSED', 'The Ray cluster refuses the token.', {
        hint: 'Set CHURN_MCP_RAY_TOKEN to the RAY_AUTH_TOKEN that the cluster was started with.',
        cause,
      });
    case 404:
      return new ChurnMcpError(
        'RAY_JOB_LOST',
        'The Ray cluster does not know the job any more. Nothing was registered.',
        { hint: 'Its head node was restarted. Train again.', cause },
      );
    default:
      return new ChurnMcpError('RAY_REFUSED', `The Ray cluster refused a request (${status}).`, {
        hint: 'The log on stderr has its words: CHURN_MCP_LOG_LEVEL=debug for a command.',
        cause,
      });
  }
}

function notRay(cause: unknown): ChurnMcpError {
  return new ChurnMcpError('RAY_UNREACHABLE', 'The server that answers is not a Ray dashboard.', {
    hint: 'Set CHURN_MCP_RAY_ADDRESS to the address of the head node’s dashboard, such as http://127.0.0.1:8265.',
    cause,
  });
}
