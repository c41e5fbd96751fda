/** Tells a client that what it reads has changed: a model registered or promoted, orders imported. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { HomeChange, HomeWatcher } from './home-watcher.ts';
import { DATA_URI, SEGMENTS_URI } from './resources.ts';

/** A client has a handful open; more is a mistake or worse. */
const MOST_SUBSCRIPTIONS = 1000;

export function serveSubscriptions(server: Server, watcher: HomeWatcher): void {
  const subscribed = new Set<string>();
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
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
      // Whoever has left meanwhile needs no word.
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
