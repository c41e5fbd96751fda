import axe from 'axe-core';
import type { Frame, Page } from 'playwright-core';
import { z } from 'zod';

const foundSchema = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullable(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

/** Serious faults that a machine can find in what is shown. */
export async function faultsOf(shown: Page | Frame): Promise<string[]> {
  const isThere = await shown.evaluate(() => Reflect.has(globalThis, 'axe'));
  if (!isThere) await shown.addScriptTag({ content: axe.source });
  const found = await shown.evaluate(() => {
    const checker: unknown = Reflect.get(globalThis, 'axe');
    const run = typeof checker === 'object' && checker !== null ? Reflect.get(checker, 'run') : undefined;
    return typeof run === 'function' ? run() : undefined;
  });
  return foundSchema
    .parse(found)
    .violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
}

/** Pixels by which the page is wider than the window. */
export function overflowOf(shown: Page | Frame): Promise<number> {
  return shown.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
