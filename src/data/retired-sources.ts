import type { DataSource } from './data-source.ts';

/**
 * Sources that were current before. A caller may use one as long as it likes, so the provider holds them weakly: an
 * unreferenced one is closed by the garbage collector, the others are closed with the provider.
 */
export class RetiredSources implements AsyncDisposable {
  readonly #references = new Set<WeakRef<DataSource & AsyncDisposable>>();

  add(source: DataSource & AsyncDisposable): void {
    for (const reference of this.#references) {
      if (reference.deref() === undefined) this.#references.delete(reference);
    }
    this.#references.add(new WeakRef(source));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const open = [...this.#references].flatMap((reference) => reference.deref() ?? []);
    this.#references.clear();
    await Promise.all(open.map((source) => source[Symbol.asyncDispose]()));
  }
}
