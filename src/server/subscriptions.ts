/** Notifies a client that a resource has changed: a model was registered or promoted, or orders were imported. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { HomeChange, HomeWatcher } from './home-watcher.ts';
import { DATA_URI, SEGMENTS_URI } from './resources.ts';

/** Most subscriptions per client: a normal client has a few, so more is an error or an attack. */
const MOST_SUBSCRIPTIONS = 1000;

export function serveSubscriptions(server: Server, watcher: HomeWatcher): void {
  const subscribed = new Set<string>();
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    await watcher.hasLooked();
    if (subscribed.size < MOST_SUBSCRIPTIONS) subscribed.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });

  let stop: (() => void) | undefined;
  server.oninitialized = () => {
    stop ??= watcher.listen((change) => {
      // A client that has disconnected meanwhile is not notified.
      if (change.models.length > 0) server.sendResourceListChanged().catch(() => undefined);
      for (const uri of subscribed) {
        if (concerns(change, uri)) server.sendResourceUpdated({ uri }).catch(() => undefined);
      }
    });
  };
  server.onclose = () => stop?.();
}

function concerns({ data, models }: HomeChange, uri: string): boolean {
  if (uri === DATA_URI || uri.startsWith(SEGMENTS_URI)) return data;
  return models.some(
    (model) => uri.startsWith(`churn://models/${model}/`) || uri.startsWith(`churn://metrics/${model}/`),
  );
}
