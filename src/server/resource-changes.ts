import { SEGMENTS } from '../customers/segments.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import { CHAMPION } from '../registry/model-registry.ts';
import type { HomeChange } from './home-watcher.ts';
import { DATA_URI, SEGMENTS_URI } from './resource-addresses.ts';
import type { Services } from './services.ts';

export type ResourceChange =
  | { readonly kind: 'list' }
  | { readonly kind: 'resource'; readonly concerns: (uri: string) => boolean };

export type ChangeListener = (change: ResourceChange) => void;

/** Tells which resources change: a model was registered or promoted, or data was imported, by any process. */
export class ResourceChanges {
  readonly #services: Pick<Services, 'watcher' | 'registry'>;

  constructor(services: Pick<Services, 'watcher' | 'registry'>) {
    this.#services = services;
  }

  /** Tells of every change until the returned function is called. */
  listen(listener: ChangeListener): () => void {
    return this.#services.watcher.listen((change) => {
      if (change.models.length > 0) listener({ kind: 'list' });
      listener({ kind: 'resource', concerns: (uri) => concerns(change, uri) });
    });
  }

  /** Resolves once every later change is told of. */
  hasLooked(): Promise<void> {
    return this.#services.watcher.hasLooked();
  }

  /** The same, with the address of each resource, for clients whose subscriptions their SDK keeps to itself. */
  listenByUri(listener: (change: { kind: 'list' } | { kind: 'resource'; uri: string }) => void): () => void {
    return this.listen((change) => {
      if (change.kind === 'list') return listener(change);
      this.#uris().then(
        (uris) => {
          for (const uri of uris.filter(change.concerns)) listener({ kind: 'resource', uri });
        },
        // If the registry cannot be read, the next reading of a resource says so.
        () => undefined,
      );
    });
  }

  async #uris(): Promise<string[]> {
    const versions = await this.#services.registry.list();
    const models = [
      ...REGISTERED_MODELS.map((model) => `${model}/${CHAMPION}`),
      ...versions.map(({ card }) => `${card.model}/${card.version}`),
    ];
    return [
      DATA_URI,
      SEGMENTS_URI,
      ...SEGMENTS.map((segment) => `${SEGMENTS_URI}/${segment}`),
      ...models.flatMap((model) => [`churn://models/${model}`, `churn://metrics/${model}`]),
    ];
  }
}

function concerns({ data, models }: HomeChange, uri: string): boolean {
  if (uri === DATA_URI || uri.startsWith(SEGMENTS_URI)) return data;
  return models.some(
    (model) => uri.startsWith(`churn://models/${model}/`) || uri.startsWith(`churn://metrics/${model}/`),
  );
}
