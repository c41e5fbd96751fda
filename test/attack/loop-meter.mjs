/**
 * Preloaded into a server: measures how late its event loop is, and how long it worked without a break, and says so on
 * standard error when it gets SIGUSR2. Time for which the thread was ready and the machine gave it no processor is left
 * out, where the system tells it: that says how busy others are.
 */
import { readFileSync } from 'node:fs';

const EVERY_MS = 5;
/** Of the main thread: nanoseconds on a processor, nanoseconds ready without one, and turns. */
const STATISTICS = `/proc/self/task/${process.pid}/schedstat`;

/** Milliseconds that the thread has worked so far, and has waited for a processor. */
function spentMs() {
  try {
    const [worked, waited] = readFileSync(STATISTICS, 'utf8').split(' ').map(Number);
    return { worked: worked / 1e6, waited: waited / 1e6 };
  } catch {
    return { worked: performance.now(), waited: 0 };
  }
}

let delays = [];
let longest = 0;
let due = performance.now() + EVERY_MS;
let before = spentMs();
const timer = setInterval(() => {
  const [now, spent] = [performance.now(), spentMs()];
  delays.push(Math.max(0, now - due - (spent.waited - before.waited)));
  longest = Math.max(longest, spent.worked - before.worked);
  due = now + EVERY_MS;
  before = spent;
}, EVERY_MS);
timer.unref();

process.on('SIGUSR2', () => {
  const sorted = delays.sort((a, b) => a - b);
  const figures = {
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    max: sorted.at(-1) ?? 0,
    work: longest,
  };
  process.stderr.write(`LOOP ${JSON.stringify(figures)}\n`);
  delays = [];
  longest = 0;
});
