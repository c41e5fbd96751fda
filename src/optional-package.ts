/**
 * Packages that only some need. An installation does not bring them: package.json names them as optional peers, to be added
 * where they are needed. Development, the bundle and the image bring all of them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, sep } from 'node:path';
import { z } from 'zod';
import { ChurnMcpError } from './errors.ts';
import { packageRoot } from './package-root.ts';

/** What needs the package. */
export const NEEDED_BY = {
  'onnxruntime-node': 'Scoring on this platform',
  'snowflake-sdk': 'Snowflake',
  '@aws-sdk/client-s3': 'A bucket in CHURN_MCP_RAY_STORAGE',
} as const;

export type OptionalPackage = keyof typeof NEEDED_BY;

/** Those that another check of `doctor` does not name. */
export const OPTIONAL_PACKAGES: readonly OptionalPackage[] = ['snowflake-sdk', '@aws-sdk/client-s3'];

const manifestSchema = z.object({ peerDependencies: z.record(z.string(), z.string()) });
const notFoundSchema = z.object({ code: z.literal('ERR_MODULE_NOT_FOUND'), message: z.string() });

/**
 * @param load imports the package, such as `() => import('snowflake-sdk')`
 * @throws PACKAGE_MISSING with the command that adds it
 */
export async function loadOptional<Module>(
  name: OptionalPackage,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const notFound = notFoundSchema.safeParse(cause);
    // A package that is there and lacks one of its own is another fault.
    if (!notFound.success || !notFound.data.message.includes(`'${name}'`)) throw cause;
    throw new ChurnMcpError(
      'PACKAGE_MISSING',
      `${NEEDED_BY[name]} needs the package ${name}, which is not installed.`,
      { hint: `Add it where churn-mcp is installed: ${commandToAdd(name)}`, cause },
    );
  }
}

export function isInstalled(name: string): boolean {
  try {
    return createRequire(import.meta.url).resolve(name) !== '';
  } catch {
    return false;
  }
}

/** The command depends on how churn-mcp was installed. It holds no path, because a model may read it. */
export function commandToAdd(name: OptionalPackage, root = packageRoot()): string {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  // Its script would fetch GPU libraries from another host.
  const flag = name === 'onnxruntime-node' ? '--ignore-scripts ' : '';
  const wanted = `"${name}@${manifest.peerDependencies[name]}"`;
  const above = dirname(root);
  if (basename(above) !== 'node_modules') return 'npm ci --include=dev';
  if (above.includes(`${sep}_npx${sep}`)) return `npx -y ${flag}-p churn-mcp -p ${wanted} churn-mcp`;
  // The folder of global packages has no manifest.
  return existsSync(join(dirname(above), 'package.json'))
    ? `npm install ${flag}${wanted}`
    : `npm install --global ${flag}${wanted}`;
}
