import type { RegisteredModel } from '../../src/registry/model-card.ts';
import type { ModelRegistry, RegisteredVersion } from '../../src/registry/model-registry.ts';

export interface FakeRegistry extends ModelRegistry {
  /** In the order of registration. */
  readonly versions: readonly RegisteredVersion[];
}

/** A registry in memory; versions are numbered by the second. */
export function createFakeRegistry(): FakeRegistry {
  const versions: RegisteredVersion[] = [];
  const aliases = new Map<string, string>();
  const find = (model: RegisteredModel, version?: string) => {
    const wanted = version ?? aliases.get(`${model}/champion`);
    const found = versions.find(({ card }) => card.model === model && card.version === wanted);
    if (found === undefined) throw new Error(`no version ${wanted} of ${model}`);
    return found;
  };
  const list = (model?: RegisteredModel) =>
    versions
      .filter(({ card }) => model === undefined || card.model === model)
      .map(({ card }) => ({ card, aliases: [] }));
  return {
    versions,
    folder: () => Promise.reject(new Error('A registry in memory has no folders.')),
    remove: () => Promise.reject(new Error('A registry in memory removes nothing.')),
    adopt: () => Promise.reject(new Error('A registry in memory has no folders.')),
    async register({ card, onnx, ensemble }) {
      const version = `v_20261123_${String(versions.length).padStart(6, '0')}`;
      const registered = {
        ...card,
        schema: 2 as const,
        version,
        created_at: '2026-11-23T00:00:00Z',
        files: {},
      };
      versions.push({ card: registered, onnx, ensemble });
      return registered;
    },
    async setAlias(model, alias, version) {
      aliases.set(`${model}/${alias}`, version);
    },
    resolveAlias: async (model, alias) => aliases.get(`${model}/${alias}`),
    list: async (model) => list(model),
    survey: async (model) => ({ sound: list(model), damaged: [] }),
    load: async (model, version) => find(model, version),
    card: async (model, version) => find(model, version).card,
  };
}
