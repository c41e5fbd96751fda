/**
 * A small server that keeps Ray's rules for jobs: a token, no browsers, the slash at the end, and a log that is read in
 * the middle of a line. What a job does is told by the test.
 */
import { createServer, type Server } from 'node:http';
import { unzipSync } from 'fflate';
import { z } from 'zod';

export interface RayStep {
  /** `GONE` as after a new start of the head node; `SILENT` as while there is no way to it. */
  readonly status: 'PENDING' | 'RUNNING' | 'STOPPED' | 'SUCCEEDED' | 'FAILED' | 'GONE' | 'SILENT';
  readonly logs: string;
  readonly message?: string;
}

export interface TestRay extends AsyncDisposable {
  readonly address: URL;
  /** What was asked, as `METHOD path`. */
  readonly asked: string[];
  /** Files of the package that was uploaded last. */
  files(): Record<string, string>;
  /** The environment of the job that was submitted last. */
  submitted(): z.infer<typeof submissionSchema> | undefined;
}

const submissionSchema = z.object({
  submission_id: z.string(),
  entrypoint: z.string(),
  runtime_env: z.object({ working_dir: z.string(), env_vars: z.record(z.string(), z.string()) }),
});

export async function startTestRay(
  token: string,
  steps: readonly RayStep[],
  version = '2.60.0',
): Promise<TestRay> {
  const asked: string[] = [];
  const stopped = new Set<string>();
  let packed: Record<string, string> = {};
  let submitted: z.infer<typeof submissionSchema> | undefined;
  let step = 0;
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url.replace(/churn-mcp-[0-9a-f]+|_ray_pkg_[0-9a-f]+/, 'X')}`);
    const answer = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof value === 'string' ? value : JSON.stringify(value));
    };
    const { authorization } = request.headers;
    if (authorization === undefined) return answer(401, 'Unauthorized: Missing authentication token');
    if (authorization !== `Bearer ${token}`) return answer(403, 'Forbidden: Invalid authentication token');
    const isBrowser = Object.keys(request.headers).some((name) => name.startsWith('sec-fetch'));
    if (isBrowser && method !== 'GET') return answer(405, 'Method Not Allowed for browser traffic.');
    if (url === '/api/version') return answer(200, { version: '4', ray_version: version });
    if (method === 'PUT' && url.startsWith('/api/packages/gcs/')) {
      packed = Object.fromEntries(
        Object.entries(unzipSync(body)).map(([name, bytes]) => [name, Buffer.from(bytes).toString('latin1')]),
      );
      return answer(200, {});
    }
    if (method === 'POST' && url === '/api/jobs/') {
      submitted = submissionSchema.parse(JSON.parse(body.toString('utf8')));
      return answer(200, { submission_id: submitted.submission_id });
    }
    const [, id, action = ''] = /^\/api\/jobs\/([\w-]+)(?:\/(\w+))?$/.exec(url) ?? [];
    if (id === undefined || id !== submitted?.submission_id) return answer(404, 'Job does not exist');
    if (action === 'stop') {
      stopped.add(id);
      return answer(200, { stopped: true });
    }
    const current = steps[Math.min(step, steps.length - 1)];
    if (current.status === 'GONE') return answer(404, 'Job does not exist');
    if (current.status === 'SILENT') {
      step++;
      return response.destroy();
    }
    if (action === 'logs') {
      step++;
      return answer(200, { logs: current.logs });
    }
    answer(200, { status: current.status, message: current.message ?? null, type: 'SUBMISSION' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return {
    address: new URL(`http://127.0.0.1:${port}`),
    asked,
    files: () => packed,
    submitted: () => submitted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
