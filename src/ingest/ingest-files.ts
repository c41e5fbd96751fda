import { open, readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { ChurnMcpError } from '../errors.ts';
import { isMissing } from '../files/system-error.ts';
import { quoted } from '../text/quoted.ts';
import { ingestStream, type StreamOptions } from './ingest-stream.ts';
import { LineSplitter } from './line-splitter.ts';
import type { RowFormat } from './row-reader.ts';

const CHUNK_BYTES = 256 * 1024;
const POLL_MS = 250;

export interface FilesRequest extends Omit<StreamOptions, 'channel' | 'isRemembered' | 'format'> {
  /** Files, and folders whose files are read in the order of their names. */
  readonly paths: readonly string[];
  readonly format: Omit<StreamOptions['format'], 'format'> & { readonly format: RowFormat | undefined };
  /** The channel, if it is not to be named after the file; then there is one file. */
  readonly channel: string | undefined;
  /** Waits for more rows and more files until the signal. */
  readonly follows: boolean;
}

/** Stores the rows of files. Each file is a channel whose offset token is a byte, so it is read on from there. */
export async function ingestFiles(request: FilesRequest): Promise<void> {
  const { paths, follows, signal } = request;
  for (;;) {
    for (const path of paths) {
      for (const file of await filesAt(path)) {
        await ingestFile(file, request);
        if (signal.aborted) return;
      }
    }
    if (!follows) return;
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
  }
}

/** @throws INVALID_ARGUMENT if there is no such file or folder */
async function filesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new ChurnMcpError('INVALID_ARGUMENT', `There is no file or folder ${quoted(path)}.`, {
      hint: 'Name a file of rows (NDJSON or CSV) or a folder of them; - is standard input.',
    });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  return names.sort().map((name) => join(path, name));
}

async function ingestFile(file: string, request: FilesRequest): Promise<void> {
  const channel = request.channel ?? pathToFileURL(await realpath(file)).href;
  const { stored: from, highest } = await request.destination.positionOf(channel);
  const { size } = await stat(file);
  if (size === from) return;
  if (size < highest) {
    throw new ChurnMcpError(
      'INVALID_ARGUMENT',
      `The file ${quoted(file)} has ${size} bytes, and ${highest} were read before: it is another file now.`,
      {
        hint: 'Give the new file a name of its own, or a channel: --channel NAME.',
      },
    );
  }
  const format =
    request.format.format ?? (extname(file) === '.csv' || extname(file) === '.tsv' ? 'csv' : 'ndjson');
  const header = format === 'csv' && from > 0 ? await firstLine(file) : undefined;
  const input = {
    chunks: chunksOf(file, from, request.signal),
    position: 'byte' as const,
    from,
    header,
    endsLine: !request.follows,
  };
  await ingestStream(input, {
    ...request,
    channel,
    isRemembered: true,
    format: { ...request.format, format },
  });
}

/** The bytes of a file from one on, to where it ends now. */
async function* chunksOf(file: string, from: number, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r');
  try {
    for (let at = from; !signal?.aborted; ) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

async function firstLine(file: string): Promise<string | undefined> {
  const splitter = new LineSplitter();
  for await (const chunk of chunksOf(file, 0)) {
    for (const line of splitter.linesOf(chunk)) return line.text;
  }
  return undefined;
}
