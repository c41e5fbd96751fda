import type { DataSourceProvider } from '../data/data-source.ts';
import type { ModelRegistry } from '../registry/model-registry.ts';
import type { SnowflakeConfig } from '../snowflake/snowflake-config.ts';
import type { ThreadPool } from '../training/backend/side-by-side.ts';
import type { ServicesOptions } from './services.ts';

/** The thread pool. The first training imports and starts it. */
export function createLazyTrainer({ threads, trainingYields }: ServicesOptions): ThreadPool {
  let trainer: Promise<ThreadPool> | undefined;
  const start = async () => {
    const { createBoosterTrainer } = await import('../training/backend/booster-pool.ts');
    return createBoosterTrainer({
      ...(threads !== undefined && { threads }),
      ...(trainingYields && { yields: true }),
    });
  };
  return {
    async train(request) {
      trainer ??= start();
      return (await trainer).train(request);
    },
    async trainEach(requests, options) {
      trainer ??= start();
      return (await trainer).trainEach(requests, options);
    },
    async regress(rows) {
      trainer ??= start();
      return (await trainer).regress(rows);
    },
    async [Symbol.asyncDispose]() {
      await (await trainer)?.[Symbol.asyncDispose]();
    },
  };
}

/** The registry. The first call that needs a model imports it. */
export function createLazyRegistry(home: string, now: () => Date): ModelRegistry {
  let registry: Promise<ModelRegistry> | undefined;
  const open = () => {
    registry ??= import('../registry/file-registry.ts').then(({ openRegistry }) =>
      openRegistry(home, { now }),
    );
    return registry;
  };
  return {
    register: async (draft) => (await open()).register(draft),
    setAlias: async (model, alias, version) => (await open()).setAlias(model, alias, version),
    resolveAlias: async (model, alias) => (await open()).resolveAlias(model, alias),
    survey: async (model) => (await open()).survey(model),
    list: async (model) => (await open()).list(model),
    load: async (model, version) => (await open()).load(model, version),
    card: async (model, version) => (await open()).card(model, version),
    folder: async (model, version) => (await open()).folder(model, version),
    remove: async (model, version) => (await open()).remove(model, version),
    adopt: async (model, version, folder) => (await open()).adopt(model, version, folder),
  };
}

/** The data in Snowflake. The first call that needs data imports the driver. */
export function createLazySnowflake(config: SnowflakeConfig, now: () => Date): DataSourceProvider {
  let provider: Promise<DataSourceProvider> | undefined;
  const open = () => {
    provider ??= import('../snowflake/source/snowflake-provider.ts').then(({ openSnowflake }) =>
      openSnowflake(config, { now }),
    );
    return provider;
  };
  return {
    current: async () => (await open()).current(),
    borrow: async () => (await open()).borrow(),
    async [Symbol.asyncDispose]() {
      await (await provider)?.[Symbol.asyncDispose]();
    },
  };
}
