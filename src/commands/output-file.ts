import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChurnMcpError } from '../errors.ts';

/**
 * Checks that a result can be written, before the work of making it.
 *
 * @throws USAGE if the ending, the folder or the file named is wrong; STORAGE if the folder is not writable
 */
export async function requireWritable(file: string): Promise<void> {
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
