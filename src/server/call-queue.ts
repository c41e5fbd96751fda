/**
 * Decides whose call runs next. Each principal runs a few at a time. A free slot goes to the principal with the fewest
 * running calls, then to the one served least recently, so a principal with many calls mostly delays itself.
 */
import { ChurnMcpError, throwIfAborted } from '../errors.ts';

export interface CallLimits {
  /** Calls that run at the same time. Each may hold the features of all customers in memory. */
  readonly running: number;
  readonly runningPerPrincipal: number;
  readonly waitingPerPrincipal: number;
}

export const CALL_LIMITS: CallLimits = { running: 8, runningPerPrincipal: 4, waitingPerPrincipal: 100 };
/** Of calls that are about a few customers and read together: the more of them run, the less each reads. */
export const SHARED_CALL_LIMITS: CallLimits = {
  running: 64,
  runningPerPrincipal: 32,
  waitingPerPrincipal: 100,
};

interface Waiting {
  start(): void;
}

interface Principal {
  readonly waiting: Set<Waiting>;
  running: number;
  /** Calls that wait for a person meanwhile. */
  aside: number;
}

/** Gives the call's place to others while it waits for a person, and takes one again before it goes on. */
export type WithoutPlace = <Answer>(wait: () => Promise<Answer>) => Promise<Answer>;

export class CallQueue {
  readonly #limits: CallLimits;
  /** Principals in the order in which they are served next; only those with running or waiting calls. */
  readonly #principals = new Map<string, Principal>();
  #running = 0;

  constructor(limits: CallLimits = CALL_LIMITS) {
    this.#limits = limits;
  }

  /** @throws TOO_MANY_CALLS if the principal has too many waiting; CANCELLED if the signal ends the wait */
  async run<Result>(
    principal: string,
    signal: AbortSignal,
    work: (withoutPlace: WithoutPlace) => Promise<Result>,
  ): Promise<Result> {
    const own = this.#principalOf(principal);
    await this.#turn(own, signal);
    let hasPlace = true;
    const leave = () => {
      if (!hasPlace) return;
      hasPlace = false;
      own.running--;
      this.#running--;
      this.#startNext();
    };
    const withoutPlace: WithoutPlace = async (wait) => {
      leave();
      own.aside++;
      try {
        const answer = await wait();
        await this.#turn(own, signal);
        hasPlace = true;
        return answer;
      } finally {
        own.aside--;
      }
    };
    try {
      return await work(withoutPlace);
    } finally {
      leave();
      this.#forgetIdle(principal, own);
    }
  }

  async #turn(own: Principal, signal: AbortSignal): Promise<void> {
    throwIfAborted(signal);
    const { waitingPerPrincipal } = this.#limits;
    if (own.waiting.size >= waitingPerPrincipal) {
      throw new ChurnMcpError('TOO_MANY_CALLS', `${waitingPerPrincipal} calls already wait.`, {
        hint: 'Call again once some of them are answered.',
      });
    }
    await new Promise<void>((resolve) => {
      const leave = () => {
        own.waiting.delete(waiting);
        resolve();
      };
      const waiting = {
        start: () => {
          signal.removeEventListener('abort', leave);
          own.waiting.delete(waiting);
          own.running++;
          this.#running++;
          resolve();
        },
      };
      own.waiting.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
      this.#startNext();
    });
    throwIfAborted(signal);
  }

  #startNext(): void {
    while (this.#running < this.#limits.running) {
      const [next] = [...this.#principals]
        .filter(([, { waiting, running }]) => waiting.size > 0 && running < this.#limits.runningPerPrincipal)
        .sort(([, a], [, b]) => a.running - b.running);
      if (next === undefined) return;
      const [name, principal] = next;
      // The last entry of the map is served last.
      this.#principals.delete(name);
      this.#principals.set(name, principal);
      const [first] = principal.waiting;
      first.start();
    }
  }

  #principalOf(name: string): Principal {
    const known = this.#principals.get(name) ?? { waiting: new Set(), running: 0, aside: 0 };
    this.#principals.set(name, known);
    return known;
  }

  #forgetIdle(name: string, { waiting, running, aside }: Principal): void {
    if (waiting.size === 0 && running === 0 && aside === 0) this.#principals.delete(name);
  }
}
