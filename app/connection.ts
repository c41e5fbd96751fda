/** How the page reaches the tools: through the host that shows it, or, alone in a browser, over HTTP. */
import { z } from 'zod';
import { jobSchema } from './answers.ts';
import { callThroughHost } from './host-connection.ts';
import { callOverHttp } from './http-connection.ts';
import type { Arguments, RawCall } from './raw-call.ts';

/** Seconds that a call for a job waits for its end. */
const JOB_WAIT_S = 15;

export interface Connection {
  /** A tool's structured content, however long it takes. Throws with the tool's error text if it fails. */
  call<Schema extends z.ZodType>(
    name: string,
    args: Arguments,
    schema: Schema,
    onProgress?: (text: string) => void,
  ): Promise<z.output<Schema>>;
}

export interface Listeners {
  /** Called whenever a host has said how it looks, and whether that says which theme it has. */
  readonly onLook: (hasTheme: boolean) => void;
  /** Called with the line on how fresh the data of an answer is. */
  readonly onFreshness: (line: string) => void;
}

export async function connect({ onLook, onFreshness }: Listeners): Promise<Connection> {
  const call = window.parent === window ? await callOverHttp() : await callThroughHost(onLook);
  const raw: RawCall = async (name, args) => {
    const result = await call(name, args);
    const line = freshnessOf(result);
    if (line !== undefined) onFreshness(line);
    return result;
  };
  return {
    call: async (name, args, schema, onProgress) => {
      const read = schema.safeParse(await structuredContentOf(name, args, raw, onProgress));
      if (read.success) return read.data;
      throw new Error(
        `This page cannot read the answer of ${name}: the page and the server are of different versions. Reload the page.`,
      );
    },
  };
}

async function structuredContentOf(
  name: string,
  args: Arguments,
  raw: RawCall,
  onProgress: ((text: string) => void) | undefined,
): Promise<unknown> {
  const content = contentOf(await raw(name, args));
  let job = jobSchema.safeParse(content);
  while (job.success && job.data.status === 'running') {
    onProgress?.(job.data.text);
    job = jobSchema.safeParse(
      contentOf(await raw('get_job', { job_id: job.data.job_id, wait_s: JOB_WAIT_S })),
    );
  }
  if (!job.success) return content;
  if (job.data.status === 'done') return { ...job.data.result, text: job.data.text };
  throw new Error(job.data.text);
}

const resultSchema = z.looseObject({
  isError: z.boolean().optional(),
  content: z.array(z.looseObject({ text: z.string().default('') })).default([]),
  structuredContent: z.unknown().optional(),
});

const datedSchema = z.looseObject({ structuredContent: z.looseObject({ data: z.looseObject({}) }) });

/** The line that follows an answer from imported data. */
function freshnessOf(result: unknown): string | undefined {
  if (!datedSchema.safeParse(result).success) return undefined;
  return resultSchema.parse(result).content.findLast(({ text }) => text.startsWith('Data: '))?.text;
}

function contentOf(result: unknown): unknown {
  const { isError, content, structuredContent } = resultSchema.parse(result);
  if (!isError) return structuredContent;
  throw new Error(content.map(({ text }) => text).join('\n'));
}
