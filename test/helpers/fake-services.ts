import type { ToolContext } from '../../src/mcp/tool-context.ts';
import { HomeWatcher } from '../../src/server/home-watcher.ts';
import type { Services } from '../../src/server/services.ts';

type Stubs = {
  churn?: Partial<ToolContext['churn']>;
  recommendations?: Partial<ToolContext['recommendations']>;
  models?: Partial<ToolContext['models']>;
};

/** Services whose every part throws when it is used, but for the parts of the tool context that a test stubs. */
export function fakeServices(stubs: Stubs = {}): Services {
  return {
    home: '',
    data: refusing('data'),
    registry: refusing('registry'),
    trainer: refusing('trainer'),
    // Nothing is there, and nothing ever changes.
    watcher: new HomeWatcher('/nowhere'),
    shop: refusing('shop'),
    context: (call) => ({
      ...call,
      churn: { ...refusingAll('churn', ['train', 'atRisk', 'explain', 'drift', 'outcomes']), ...stubs.churn },
      recommendations: {
        ...refusingAll('recommendations', ['train', 'recommend']),
        ...stubs.recommendations,
      },
      charts: refusing('charts'),
      models: { ...refusingAll('models', ['card', 'list', 'promote']), ...stubs.models },
    }),
    score: () => refuse('score'),
    scoreTable: () => refuse('scoreTable'),
    importModel: () => refuse('importModel'),
    recommendForEveryone: () => refuse('recommendForEveryone'),
    async [Symbol.asyncDispose]() {},
  };
}

function refuse(name: string): never {
  throw new Error(`the test does not expect ${name} to be used`);
}

function refusing<Part extends object>(name: string): Part {
  return new Proxy({} as Part, { get: (_, key) => () => refuse(`${name}.${String(key)}`) });
}

function refusingAll<Name extends string>(part: string, names: readonly Name[]): Record<Name, () => never> {
  return Object.fromEntries(names.map((name) => [name, () => refuse(`${part}.${name}`)])) as Record<
    Name,
    () => never
  >;
}
