/** Starts a server and keeps a copy of every byte that it writes to stdout: tee.mjs FILE COMMAND ARGUMENT… */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const [file, command, ...args] = process.argv.slice(2);
const copy = createWriteStream(file, { flags: 'a' });
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
process.stdin.pipe(child.stdin);
child.stdout.on('data', (chunk) => copy.write(chunk));
child.stdout.pipe(process.stdout);
child.once('close', (code) => copy.end(() => process.exit(code ?? 1)));
