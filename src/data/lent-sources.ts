import type { BorrowedData, DataSource } from './data-source.ts';

interface Lent {
  borrowers: number;
  /** Whether somebody got it without saying when they are done. */
  isKept: boolean;
}

/**
 * The sources that a provider has opened, and who uses them. One that another has replaced closes when the last of its
 * borrowers gives it back; one that is kept stays open until all close.
 */
export class LentSources<Source extends DataSource> implements AsyncDisposable {
  readonly #lent = new Map<Source, Lent>();
  #current: Source | undefined;
  readonly #closing = new Set<Promise<boolean>>();

  /** The one that is lent now. */
  get current(): Source | undefined {
    return this.#current;
  }

  /** From now on this one is lent. */
  replace(source: Source): void {
    const before = this.#current;
    this.#current = source;
    this.#lent.set(source, { borrowers: 0, isKept: false });
    if (before !== undefined) this.#closeIfUnused(before);
  }

  /** The source that `latest` finds. It is asked again if another source replaced the one it found, which then closed. */
  async borrow(latest: () => Promise<Source>): Promise<BorrowedData> {
    const { source, lent } = await this.#take(latest, (taken) => taken.borrowers++);
    let isBorrowed = true;
    return {
      data: source,
      [Symbol.asyncDispose]: async () => {
        if (!isBorrowed) return;
        isBorrowed = false;
        lent.borrowers--;
        this.#closeIfUnused(source);
      },
    };
  }

  /** As `borrow`, for somebody who does not say when they are done. */
  async keep(latest: () => Promise<Source>): Promise<Source> {
    const { source } = await this.#take(latest, (taken) => {
      taken.isKept = true;
    });
    return source;
  }

  /** Closes all of them, also those that calls still use. */
  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#lent.keys()];
    this.#current = undefined;
    this.#lent.clear();
    await Promise.all(open.map((source) => source[Symbol.asyncDispose]()));
    await Promise.all(this.#closing);
  }

  /** `mark` runs at once, before another source can replace this one. */
  async #take(
    latest: () => Promise<Source>,
    mark: (lent: Lent) => void,
  ): Promise<{ readonly source: Source; readonly lent: Lent }> {
    for (;;) {
      const source = await latest();
      const lent = this.#lent.get(source);
      if (lent === undefined) continue;
      mark(lent);
      return { source, lent };
    }
  }

  #closeIfUnused(source: Source): void {
    const lent = this.#lent.get(source);
    if (lent === undefined || source === this.#current || lent.isKept || lent.borrowers > 0) return;
    this.#lent.delete(source);
    const closing: Promise<boolean> = closeQuietly(source).then(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** No call can mend that an old source does not close. */
async function closeQuietly(source: DataSource): Promise<void> {
  try {
    await source[Symbol.asyncDispose]();
  } catch {
    // It closes with the process.
  }
}
