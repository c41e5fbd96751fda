/** The files in which Snowflake's own tools keep connections and secrets. */
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { ChurnMcpError } from '../../errors.ts';
import { exists } from '../../files/durable-files.ts';

/** The connections of `connections.toml`; if there is none, those of `config.toml`, where Snowflake's command line keeps them. */
export async function readConnections(folder: string): Promise<Connections> {
  const file = join(folder, 'connections.toml');
  const settings = join(folder, 'config.toml');
  if ((await exists(file)) || !(await exists(settings))) {
    return { file: 'connections.toml', sections: await readToml(file, 'connections.toml') };
  }
  const { connections } = await readToml(settings, 'config.toml');
  return { file: 'config.toml', sections: z.record(z.string(), z.unknown()).catch({}).parse(connections) };
}

interface Connections {
  readonly file: string;
  readonly sections: Readonly<Record<string, unknown>>;
}

async function readToml(file: string, name: string): Promise<Record<string, unknown>> {
  const content = await readSecretFile(file, name);
  const { parse } = await import('smol-toml');
  try {
    return parse(content);
  } catch {
    // The parser's error quotes the line, which may contain a secret, so it is not kept as the cause.
    throw invalid(`${name} is not valid TOML.`, 'Correct the file. Other tools of Snowflake read it too.');
  }
}

export async function readToken(file: string): Promise<string> {
  if (!isAbsolute(file)) {
    throw invalid(
      'The path of the connection’s token file is not absolute.',
      'Write the whole path of the file.',
    );
  }
  return (await readSecretFile(file, 'The token file')).trim();
}

/**
 * The token that a container finds in a file. Containers get their secrets mounted for all users, so any user may read it.
 *
 * @throws INVALID_CONFIG if there is none
 */
export async function readMountedToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ChurnMcpError('INVALID_CONFIG', 'The file with the token for Snowflake cannot be read.', {
      hint: 'CHURN_MCP_SNOWFLAKE_TOKEN_FILE is the whole path of a file, in a container of Snowflake /snowflake/session/token.',
      cause,
    });
  }
}

/** @throws INVALID_CONFIG where the file is not there, or others on this machine may read it */
async function readSecretFile(file: string, what: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw invalid(
        `Other users of this machine can read ${what.toLowerCase()}.`,
        'Let only yourself read it: chmod 600',
      );
    }
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof ChurnMcpError) throw cause;
    throw new ChurnMcpError('INVALID_CONFIG', `${what} cannot be read.`, {
      hint: 'churn-mcp looks for it in SNOWFLAKE_HOME, or else in .snowflake of your home folder.',
      cause,
    });
  }
}

export function invalid(message: string, hint: string): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', message, { hint });
}
