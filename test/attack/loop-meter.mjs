/** Preloaded into a server: measures how late its event loop is, and says so on standard error when it gets SIGUSR2. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const NANOSECONDS = 1e6;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();
process.on('SIGUSR2', () => {
  const figures = { p99: delay.percentile(99) / NANOSECONDS, max: delay.max / NANOSECONDS };
  process.stderr.write(`LOOP ${JSON.stringify(figures)}\n`);
  delay.reset();
});
