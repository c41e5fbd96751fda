/** Where in the protocol a fault strikes. */
export type FaultPlace = 'login' | 'renew' | 'query' | 'result' | 'chunk';

/** `drop` closes the connection without a word; `drop half` after half of the answer; `damage` sends half as if whole. */
export type FaultAction =
  | { readonly status: number }
  | { readonly refuse: { readonly code: string; readonly message: string } }
  | 'drop'
  | 'drop half'
  | 'damage';

export interface Fault {
  readonly at: FaultPlace;
  readonly action: FaultAction;
  /** How often; by default for ever. */
  readonly times?: number;
  /** Only requests whose statement, or path, matches. */
  readonly matching?: RegExp;
}

/** The faults that a test has ordered. The first that fits a request strikes. */
export class SnowflakeFaults {
  #faults: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#faults = [];
  }

  take(place: FaultPlace, text: string): FaultAction | undefined {
    const found = this.#faults.find(
      ({ fault, left }) => left > 0 && fault.at === place && (fault.matching?.test(text) ?? true),
    );
    if (found === undefined) return undefined;
    found.left--;
    return found.fault.action;
  }
}
