import type { ToolContext } from '../../src/mcp/tool-context.ts';
import { HomeWatcher } from '../../src/server/home-watcher.ts';
import type { Services } from '../../src/server/services.ts';

type ContextStubs = {
  readonly [Part in keyof ToolContext as ToolContext[Part] extends PartOfContext ? Part : never]?: Partial<
    ToolContext[Part]
  >;
};

/** A part is an object of functions. */
type PartOfContext = Readonly<Record<string, (...args: never[]) => unknown>>;

/**
 * Services of which only what a test stubs can be used: all else throws and says what was asked for.
 *
 * @param stubs parts of the tool context, such as `{ churn: { train: … } }`
 * @param services parts of the services themselves
 */
export function fakeServices(stubs: ContextStubs = {}, services: Partial<Services> = {}): Services {
  return refusingBut<Services>('services', {
    home: '',
    // Nothing is there, and nothing ever changes.
    watcher: new HomeWatcher('/nowhere'),
    context: (call: object) => {
      const models = stubs.models && withSurvey(stubs.models);
      // Questions are about orders unless a test says so.
      const tables = { isOnlyData: async () => false, ...stubs.tables };
      // Nothing is told of the data unless a test says what.
      const ofAnswer = async (answer: () => Promise<unknown>) => ({
        result: await answer(),
        freshness: undefined,
      });
      const freshness = { now: () => new Date(), ofAnswer, ...stubs.freshness };
      const parts = Object.entries({ ...stubs, tables, freshness, ...(models && { models }) }).map(
        ([name, part]) => [name, refusingBut(name, part)],
      );
      return refusingBut<ToolContext>('context', { ...call, ...Object.fromEntries(parts) });
    },
    [Symbol.asyncDispose]: async () => undefined,
    ...services,
  });
}

/** A survey of listed models finds no damage unless a test says so. */
function withSurvey(models: Partial<ToolContext['models']>): Partial<ToolContext['models']> {
  const { list } = models;
  if (list === undefined) return models;
  return { survey: async (model) => ({ sound: await list(model), damaged: [] }), ...models };
}

/** An object that has what is given. Whatever else is read of it, at any depth, throws once it is called. */
function refusingBut<Whole extends object>(name: string, given: object): Whole {
  return new Proxy(given, {
    get: (_, key) => (Reflect.has(given, key) ? Reflect.get(given, key) : refusing(`${name}.${String(key)}`)),
  }) as Whole;
}

function refusing(name: string): object {
  return new Proxy(() => undefined, {
    get: (_, key) => refusing(`${name}.${String(key)}`),
    apply: () => {
      throw new Error(`the test does not expect ${name} to be used`);
    },
  });
}
