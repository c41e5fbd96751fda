/** A Ray cluster on this machine: installed into a folder of its own, with a token, a head node and two workers. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';
import { installPythonPackages } from '../helpers/python-packages.ts';

const run = promisify(execFile);
const folder = join(packageRoot(), '.ray');
const bin = join(folder, 'bin');
/** Not those of a cluster that the machine may have. */
const [PORT, DASHBOARD_PORT, STORE_PORT] = [6398, 8298, 5398];
/** A store of objects, for the tests alone. */
const MOTO = 'moto[s3,server]==5.2.5';
const BUCKET = 'churn';

export interface Cluster extends AsyncDisposable {
  readonly address: string;
  readonly token: string;
  /** Whether the workers' nodes share no home folder with the head node. */
  readonly apart: boolean;
  /** An empty bucket, and the variables by which the cluster finds it. */
  readonly bucket: string;
  readonly bucketVariables: Readonly<Record<string, string>>;
  /** What the bucket's store answers when it is asked for what lies there. */
  bucketListing(): Promise<string>;
  /** Process ids of the workers of trainings, as the system knows them. */
  trainWorkers(): Promise<number[]>;
}

/** Installs what `ray/requirements.txt` names from PyPI, once. */
export async function installRay(): Promise<void> {
  const requirements = join(packageRoot(), 'ray', 'requirements.txt');
  const wanted = `${readFileSync(requirements, 'utf8')}${MOTO}\n`;
  await installPythonPackages(folder, wanted);
}

/**
 * Where the system allows it, the two workers see an empty home folder of their own, as machines that share no storage
 * do: what they are to have in common must travel.
 */
export async function startCluster(): Promise<Cluster> {
  const token = randomBytes(24).toString('hex');
  const home = mkdtempSync(join(tmpdir(), 'churn-mcp-ray-home-'));
  const bucketVariables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${STORE_PORT}`,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  };
  const env = {
    ...process.env,
    ...bucketVariables,
    HOME: home,
    PATH: `${bin}:${process.env.PATH}`,
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: token,
    RAY_USAGE_STATS_ENABLED: '0',
    // Beside other tests, workers that yield to all other processes would hardly run.
    RAY_worker_niceness: '0',
    // Several nodes on one machine.
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '1',
  };
  const apart = (await call('unshare', ['--mount', 'true'], env)) === 0;
  const stop = async () => void (await call(join(bin, 'ray'), ['stop', '--force'], env));
  const startNode = async (command: readonly string[]) => {
    const [program = '', ...args] = command;
    if ((await call(program, args, env)) !== 0) throw new Error(`${command.join(' ')} failed`);
  };
  // One that a run before left behind has another token.
  await stop();
  const store = await startStore(bucketVariables.AWS_ENDPOINT_URL);
  // More CPUs than there are: Ray only counts them, and reading data needs some beside the workers.
  const start = [
    join(bin, 'ray'),
    'start',
    '--node-ip-address=127.0.0.1',
    '--num-cpus=2',
    '--disable-usage-stats',
  ];
  await startNode([
    ...start,
    '--head',
    `--port=${PORT}`,
    '--include-dashboard=true',
    '--dashboard-host=127.0.0.1',
    `--dashboard-port=${DASHBOARD_PORT}`,
  ]);
  for (let node = 0; node < 2; node++) {
    await startNode([...(apart ? OWN_HOME : []), ...start, `--address=127.0.0.1:${PORT}`]);
  }
  return {
    address: `http://127.0.0.1:${DASHBOARD_PORT}`,
    token,
    apart,
    bucket: `s3://${BUCKET}`,
    bucketVariables,
    async bucketListing() {
      return (await fetch(`${bucketVariables.AWS_ENDPOINT_URL}/${BUCKET}?list-type=2`)).text();
    },
    async trainWorkers() {
      const { stdout } = await run('ps', ['-eo', 'pid=,args=']);
      return stdout
        .split('\n')
        .filter((line) => /ray::.*(RayTrainWorker|TrainWorker)/.test(line))
        .map((line) => Number(line.trim().split(/\s+/)[0]));
    },
    async [Symbol.asyncDispose]() {
      await stop();
      store.kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function startStore(address: string): Promise<ChildProcess> {
  const store = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', String(STORE_PORT)], {
    stdio: 'ignore',
  });
  for (;;) {
    const made = await fetch(`${address}/${BUCKET}`, { method: 'PUT' }).catch(() => undefined);
    if (made?.ok) return store;
    if (store.exitCode !== null) throw new Error('moto_server ended');
    await delay(200);
  }
}

/** Mounts an empty folder over the home folder, for what follows alone. */
const OWN_HOME = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs tmpfs "$HOME" && exec "$@"', 'sh'];

/** The exit status. Without an input: bash takes Node's for a network's and reads ~/.bashrc, which may choose another Python. */
function call(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve) => {
    spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
      .once('error', () => resolve(null))
      .once('close', resolve);
  });
}
