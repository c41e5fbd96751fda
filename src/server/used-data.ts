import { AsyncLocalStorage } from 'node:async_hooks';
import type { DataSource, DataSourceProvider } from '../data/data-source.ts';

const used = new AsyncLocalStorage<{ data: DataSource | undefined }>();

/** The same provider, which notes for the work that asks which data it got. */
export function notingUse(provider: DataSourceProvider): DataSourceProvider {
  const note = (data: DataSource): void => {
    const seen = used.getStore();
    if (seen !== undefined) seen.data = data;
  };
  return {
    async current() {
      const data = await provider.current();
      note(data);
      return data;
    },
    async borrow() {
      const borrowed = await provider.borrow();
      note(borrowed.data);
      return borrowed;
    },
    [Symbol.asyncDispose]: () => provider[Symbol.asyncDispose](),
  };
}

/** Does the work, and tells which data it got last; undefined if it asked for none. */
export async function withUsedData<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly data: DataSource | undefined }> {
  const seen = { data: undefined };
  const result = await used.run(seen, work);
  return { result, ...seen };
}
