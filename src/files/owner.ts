import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * The owner of an unfinished file or folder. Its name contains the owner, so that a later process can tell the leftovers of
 * a killed process from the work of a running one.
 */
export interface Owner {
  /** Identifies the machine or container in which the process id is valid. */
  readonly host: string;
  readonly pid: number;
}

/** The owner may be on another machine, where we cannot see whether it runs. No write takes this long. */
const ABANDONED_AFTER_MS = 48 * 3_600_000;

/** File systems round times; some to two seconds. */
const CLOCK_GRAIN_MS = 2000;

/** By the clock as it was when this was imported, which may have been set since. */
const STARTED_AT = Date.now() - process.uptime() * 1000;

let mark: string | undefined;

export function thisOwner(): Owner {
  mark ??= createHash('sha256').update(JSON.stringify(whereIdentifiersCount())).digest('hex').slice(0, 8);
  return { host: mark, pid: process.pid };
}

/**
 * Whether no process writes it any more.
 *
 * @param modifiedMs when it was last changed
 * @param nowMs the time now, by the same file system's clock
 */
export function isAbandoned({ host, pid }: Owner, modifiedMs: number, nowMs: number): boolean {
  const own = thisOwner();
  if (host !== own.host) return nowMs - modifiedMs > ABANDONED_AFTER_MS;
  if (pid !== own.pid) return !isAlive(pid);
  // An earlier process had the same id: the first process of every container has it. If the clock was set meanwhile, what this
  // process writes may seem older than its start by one of both readings, and not by the other.
  const startedAt = Math.min(STARTED_AT, nowMs - process.uptime() * 1000);
  return modifiedMs < startedAt - CLOCK_GRAIN_MS;
}

/** Containers may share a host name, and each counts its processes from 1; a boot starts the count again. */
function whereIdentifiersCount(): string[] {
  const read = (ask: () => string) => {
    try {
      return ask();
    } catch {
      // Only Linux has these files.
      return '';
    }
  };
  return [
    hostname(),
    read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    read(() => readlinkSync('/proc/self/ns/pid')),
  ];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: the process runs, under another user. (This is no file operation, but it has a system code too.)
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
