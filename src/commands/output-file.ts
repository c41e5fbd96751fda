import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { WritableTable } from '../data/table-file.ts';
import { ChurnMcpError } from '../errors.ts';
import { withTemporaryFolder } from '../files/temporary-folder.ts';
import type { CommandContext } from './command-context.ts';

/** Names standard output. */
const STDOUT = '-';

export interface WrittenTable {
  readonly table: WritableTable;
  /** What is told once the table is written. */
  readonly tell: () => {
    /** One sentence on what was written, without the file. */
    readonly text: string;
    /** The same as data. */
    readonly facts: Record<string, unknown>;
  };
}

/**
 * Writes a table where --out says: to a file by its ending, or as CSV to standard output with "-". The sentence goes to standard
 * output, or to standard error if the table does.
 */
export async function writeOutput(
  { table, tell }: WrittenTable,
  out: string,
  { stdout, signal, print, display }: CommandContext,
  asJson = false,
): Promise<void> {
  const { writeTable } = await import('../data/table-file.ts');
  const sentence = (file: string) => {
    const { text, facts } = tell();
    return asJson ? JSON.stringify({ ...facts, file: out }, null, 2) : `${text}: ${file}`;
  };
  if (out !== STDOUT) {
    await writeTable(table, out, { signal });
    display.stop();
    print(sentence(out));
    return;
  }
  await withTemporaryFolder(async (folder) => {
    const file = join(folder, 'out.csv');
    await writeTable(table, file, { signal });
    display.stop();
    // Standard output stays open for whatever else the command says.
    await pipeline(createReadStream(file), stdout, { end: false, signal });
    process.stderr.write(`${sentence('standard output')}\n`);
  });
}

/**
 * Checks that a result can be written, before the work of making it.
 *
 * @throws USAGE if the ending, the folder or the file named is wrong; STORAGE if the folder is not writable
 */
export async function requireWritable(file: string): Promise<void> {
  if (file === STDOUT) return;
  await requireKnownEnding(file);
  const folder = dirname(file);
  if ((await stat(folder).catch(() => undefined))?.isDirectory() !== true) {
    throw new ChurnMcpError('USAGE', 'The folder of the --out file does not exist.', {
      hint: `Make it first: mkdir -p "${folder}"`,
    });
  }
  if ((await stat(file).catch(() => undefined))?.isDirectory()) {
    throw new ChurnMcpError('USAGE', '--out names a folder, not a file.', {
      hint: 'Name a file in it, such as scores.csv.',
    });
  }
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new ChurnMcpError('STORAGE', 'The folder of the --out file cannot be written.', {
      hint: 'Change its permissions, or name a file in another folder.',
      cause,
    });
  }
}

async function requireKnownEnding(file: string): Promise<void> {
  const { tableFormatOf } = await import('../data/table-file.ts');
  try {
    tableFormatOf(file);
  } catch (error) {
    if (!(error instanceof ChurnMcpError)) throw error;
    // On the command line a flag is wrong, not an argument of a tool.
    const { message, hint } = error;
    throw new ChurnMcpError('USAGE', message, { ...(hint !== undefined && { hint }), cause: error });
  }
}
