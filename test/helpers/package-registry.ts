/** A registry of packages for tests of installations. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.looseObject({ name: z.string(), version: z.string() });

export interface PackageRegistry extends AsyncDisposable {
  readonly address: string;
  /** Names of the packages whose files were asked for. */
  readonly fetched: string[];
}

/** Serves the given tarballs, and knows no other package. */
export async function startPackageRegistry(tarballs: readonly string[]): Promise<PackageRegistry> {
  const fetched: string[] = [];
  const packages = tarballs.map((file) => ({ file, ...manifestIn(file) }));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    const tarball = packages.find(({ file }) => path === `/files/${basename(file)}`);
    if (tarball !== undefined) {
      fetched.push(tarball.name);
      response.end(readFileSync(tarball.file));
      return;
    }
    const known = packages.find(({ name }) => path === `/${name}`);
    if (known === undefined) {
      response.writeHead(404).end('{}');
      return;
    }
    const { file, ...manifest } = known;
    const dist = { tarball: `${address}files/${basename(file)}` };
    const { name, version } = manifest;
    response.end(
      JSON.stringify({
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { ...manifest, dist } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const address = `http://127.0.0.1:${port}/`;
  return {
    address,
    fetched,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function manifestIn(tarball: string): z.infer<typeof manifestSchema> {
  const { stdout } = spawnSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' });
  return manifestSchema.parse(JSON.parse(stdout));
}
