import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Whose unfinished work a file or folder is. The name of such work holds its owner, so that a later process can tell what
 * a killed one left behind from what another one is writing now.
 */
export interface Owner {
  /** Of the machine, or the container, in which the process identifier means something. */
  readonly host: string;
  readonly pid: number;
}

/** An owner on another machine cannot be asked whether it runs. No write takes this long. */
const ABANDONED_AFTER_MS = 48 * 3_600_000;

/** File systems round times; some to two seconds. */
const CLOCK_GRAIN_MS = 2000;

let mark: string | undefined;

export function thisOwner(): Owner {
  mark ??= createHash('sha256').update(JSON.stringify(whereIdentifiersCount())).digest('hex').slice(0, 8);
  return { host: mark, pid: process.pid };
}

/**
 * Whether nobody is writing it any more.
 *
 * @param modifiedMs when it was last changed
 * @param nowMs the time now, by the same file system's clock
 */
export function isAbandoned({ host, pid }: Owner, modifiedMs: number, nowMs: number): boolean {
  const own = thisOwner();
  if (host !== own.host) return nowMs - modifiedMs > ABANDONED_AFTER_MS;
  if (pid !== own.pid) return !isAlive(pid);
  // A process before this one had the same identifier, as every first process of a container has.
  return modifiedMs < nowMs - process.uptime() * 1000 - CLOCK_GRAIN_MS;
}

/** Containers share a host name at times, and each counts its processes from 1; a boot begins the count again. */
function whereIdentifiersCount(): string[] {
  const read = (ask: () => string) => {
    try {
      return ask();
    } catch {
      // Only Linux has these.
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
    // EPERM: it runs, as another user's. (Not a file operation, but with a system's code all the same.)
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
