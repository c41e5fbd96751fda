import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ChurnMcpError } from '../errors.ts';

/**
 * Checks where a result is to be written, before the work of making it.
 *
 * @throws USAGE where the ending, the folder or the file named cannot be meant; STORAGE where the folder is not writable
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
    throw new ChurnMcpError('USAGE', '--out names a folder.', { hint: 'Name a file in it.' });
  }
  try {
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new ChurnMcpError('STORAGE', 'The folder of the --out file cannot be written.', {
      hint: 'Change its permissions, or name a file elsewhere.',
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
    // Here it is a flag that is wrong, not a tool's argument.
    const { message, hint } = error;
    throw new ChurnMcpError('USAGE', message, { ...(hint !== undefined && { hint }), cause: error });
  }
}
