/** A Ray cluster on this machine: installed into a folder of its own, with a token, a head node and two workers. */
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../src/package-root.ts';

const run = promisify(execFile);
const folder = join(packageRoot(), '.ray');
const bin = join(folder, 'bin');
/** Not those of a cluster that the machine may have. */
const [PORT, DASHBOARD_PORT] = [6398, 8298];

export interface Cluster extends AsyncDisposable {
  readonly address: string;
  readonly token: string;
  /** Process ids of the workers of trainings, as the system knows them. */
  trainWorkers(): Promise<number[]>;
}

/** Installs what `ray/requirements.txt` names from PyPI, once. */
export async function installRay(): Promise<void> {
  const marker = join(folder, 'installed');
  if (existsSync(marker)) return;
  process.stderr.write('Installing Ray and XGBoost into .ray\n');
  await run('python3', ['-m', 'venv', folder]);
  await run(join(bin, 'pip'), ['install', '-q', '-r', join(packageRoot(), 'ray', 'requirements.txt')], {
    maxBuffer: 2 ** 26,
  });
  writeFileSync(marker, '');
}

export async function startCluster(): Promise<Cluster> {
  const token = randomBytes(24).toString('hex');
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: token,
    RAY_USAGE_STATS_ENABLED: '0',
    // Several nodes on one machine.
    RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER: '1',
  };
  const ray = (...args: string[]) => run(join(bin, 'ray'), args, { env, maxBuffer: 2 ** 26 });
  const stop = () =>
    new Promise<void>((resolve) => {
      spawn(join(bin, 'ray'), ['stop', '--force'], { env, stdio: 'ignore' }).once('close', () => resolve());
    });
  // One that a run before left behind has another token.
  await stop();
  // More CPUs than there are: Ray only counts them, and reading data needs some beside the workers.
  await ray(
    'start',
    '--head',
    `--port=${PORT}`,
    '--node-ip-address=127.0.0.1',
    '--include-dashboard=true',
    '--dashboard-host=127.0.0.1',
    `--dashboard-port=${DASHBOARD_PORT}`,
    '--num-cpus=2',
    '--disable-usage-stats',
  );
  for (let node = 0; node < 2; node++) {
    await ray(
      'start',
      `--address=127.0.0.1:${PORT}`,
      '--node-ip-address=127.0.0.1',
      '--num-cpus=2',
      '--disable-usage-stats',
    );
  }
  return {
    address: `http://127.0.0.1:${DASHBOARD_PORT}`,
    token,
    async trainWorkers() {
      const { stdout } = await run('ps', ['-eo', 'pid=,args=']);
      return stdout
        .split('\n')
        .filter((line) => /ray::.*(RayTrainWorker|TrainWorker)/.test(line))
        .map((line) => Number(line.trim().split(/\s+/)[0]));
    },
    [Symbol.asyncDispose]: stop,
  };
}
