import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '../../src/config.ts';
import { packageRoot } from '../../src/package-root.ts';
import { runCli } from '../helpers/cli-process.ts';

const root = packageRoot();
const textOf = (name: string) => readFileSync(join(root, name), 'utf8');

/** The Dockerfile's instructions; lines that go on are joined. */
const instructions = textOf('Dockerfile')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name, rest] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name, rest };
  });
const restsOf = (name: string) =>
  instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
const words = (text: string) => z.array(z.string()).parse(JSON.parse(text));

const [program, script, ...entryArgs] = words(restsOf('ENTRYPOINT')[0]);
const args = [...entryArgs, ...words(restsOf('CMD')[0])];
const environment = Object.fromEntries(
  restsOf('ENV').flatMap((rest) => rest.split(/\s+/).map((pair) => pair.split('='))),
);

describe('the Dockerfile', () => {
  it('copies only files that exist and are not ignored', () => {
    const sources = restsOf('COPY')
      .filter((rest) => !rest.startsWith('--from='))
      .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const ignored = textOf('.dockerignore').split('\n');
    expect(sources.filter((source) => ignored.includes(source))).toEqual([]);
    const stages = restsOf('FROM').map((rest) => / AS (\w+)$/.exec(rest)?.[1]);
    for (const rest of restsOf('COPY')) {
      const stage = /^--from=(\w+)/.exec(rest)?.[1];
      if (stage !== undefined) expect(stages).toContain(stage);
    }
  });

  it('runs existing scripts and the files of the bundle, without root', () => {
    const { scripts, engines } = JSON.parse(textOf('package.json'));
    const used = restsOf('RUN').flatMap((rest) =>
      [...rest.matchAll(/npm run (\S+)/g)].map(([, name]) => name),
    );
    expect(used.filter((name) => !(name in scripts))).toEqual([]);
    expect([program, script]).toEqual(['node', 'dist/cli.js']);
    expect(restsOf('USER')).toEqual(['node']);
    expect(restsOf('VOLUME')).toEqual([environment.CHURN_MCP_HOME]);
    for (const image of restsOf('FROM')) expect(image).toMatch(/^node:22-/);
    expect(engines.node).toBe('^22.13 || >=24');
  });

  it('starts a command with known flags and variables', async () => {
    expect((await runCli([...args, '--help'])).code).toBe(0);
    const help = (await runCli([args[0], '--help'])).stdout;
    for (const flag of args.filter((word) => word.startsWith('--'))) expect(help).toContain(flag);
    expect(() => readConfig({}, { ...environment, CHURN_MCP_HTTP_TOKEN: 'x'.repeat(40) })).not.toThrow();
  });

  it('checks its health on the port that it serves', async () => {
    const [node, ...probe] = words(restsOf('HEALTHCHECK')[0].replace(/^.*?CMD /, ''));
    expect(node).toBe('node');
    const asked: (string | undefined)[] = [];
    let status = 200;
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(status).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const check = () =>
      new Promise<number>((resolve) =>
        execFile(
          process.execPath,
          probe,
          { env: { ...process.env, CHURN_MCP_HTTP_PORT: String(port) } },
          (error) => resolve(error === null ? 0 : 1),
        ),
      );
    expect(await check()).toBe(0);
    status = 503;
    expect(await check()).toBe(1);
    await new Promise((resolve) => server.close(resolve));
    expect(await check()).toBe(1);
    expect(asked).toEqual(['/healthz', '/healthz']);
  });
});
