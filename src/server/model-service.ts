import type { ToolContext } from '../mcp/tool-context.ts';
import { CHAMPION, type ModelRegistry } from '../registry/model-registry.ts';

export function createModelService(registry: ModelRegistry): ToolContext['models'] {
  return {
    card: (model, version) => registry.card(model, version),
    list: (model) => registry.list(model),
    survey: (model) => registry.survey(model),
    async promote(model, version) {
      const replaced = await registry.resolveAlias(model, CHAMPION);
      // Loading checks the files, so a damaged version never becomes the champion.
      const { card } = await registry.load(model, version);
      await registry.setAlias(model, CHAMPION, version);
      return { card, replaced };
    },
  };
}
