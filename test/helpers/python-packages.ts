/** Packages from PyPI for tests on real servers that are written in Python. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs Ray in 25 s where pip takes 230: most of that is pip's own work. */
const UV = 'uv==0.13.9';

/** Warnings of many packages are more than the default allows. */
const OUTPUT = { maxBuffer: 2 ** 26 };

/**
 * Installs packages from PyPI into a virtual environment, once: not again while the requirements are the same.
 *
 * @param folder of the environment
 * @param requirements the text of a requirements file
 */
export async function installPythonPackages(folder: string, requirements: string): Promise<void> {
  const installed = join(folder, 'installed');
  if (existsSync(installed) && readFileSync(installed, 'utf8') === requirements) return;
  process.stderr.write(`Installing Python packages into ${folder}\n`);
  await run('python3', ['-m', 'venv', folder]);
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, requirements);
  const bin = join(folder, 'bin');
  const python = join(bin, 'python');
  await run(join(bin, 'pip'), ['install', '-q', UV]);
  // Workers of Ray keep no compiled files, so each of them would compile all that it imports.
  const uv = ['pip', 'install', '-q', '--no-cache', '--compile-bytecode', '--python', python, '-r', file];
  // A machine may have settings, such as an index of its own, that pip alone reads.
  await run(join(bin, 'uv'), uv, OUTPUT).catch(() =>
    run(join(bin, 'pip'), ['install', '-q', '-r', file], OUTPUT),
  );
  writeFileSync(installed, requirements);
}
