/**
 * Preloaded into a server: measures how late its event loop is, and says so on standard error when it gets SIGUSR2. Time for
 * which the thread was ready and the machine gave it no processor is left out, where the system tells it: that says how
 * busy others are.
 */
import { readFileSync } from 'node:fs';

const EVERY_MS = 5;
/** Of the main thread: nanoseconds on a processor, nanoseconds ready without one, and turns. */
const STATISTICS = `/proc/self/task/${process.pid}/schedstat`;

function waitedMs() {
  try {
    return Number(readFileSync(STATISTICS, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

let delays = [];
let due = performance.now() + EVERY_MS;
let waited = waitedMs();
const timer = setInterval(() => {
  const [now, waitedNow] = [performance.now(), waitedMs()];
  delays.push(Math.max(0, now - due - (waitedNow - waited)));
  due = now + EVERY_MS;
  waited = waitedNow;
}, EVERY_MS);
timer.unref();

process.on('SIGUSR2', () => {
  const sorted = delays.sort((a, b) => a - b);
  const figures = { p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0, max: sorted.at(-1) ?? 0 };
  process.stderr.write(`LOOP ${JSON.stringify(figures)}\n`);
  delays = [];
});
