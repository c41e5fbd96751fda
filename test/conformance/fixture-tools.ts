/** The conformance suite's tools that a tool of ours can be: they go through the product's own dispatch, jobs and progress. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { ChurnMcpError } from '../../src/errors.ts';
import { defineTool, type Tool } from '../../src/mcp/tool.ts';

/** One red pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';

const common = {
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  scope: 'churn:read',
  mayBecomeJob: true,
  input: z.strictObject({}),
  output: z.object({ text: z.string() }),
} as const;

export const FIXTURE_TOOLS: readonly Tool[] = [
  defineTool({
    ...common,
    name: 'test_simple_text',
    title: 'Text',
    description: 'Returns text.',
    handler: async () => ({ text: 'This is a simple text response for testing.' }),
  }),
  defineTool({
    ...common,
    name: 'test_image_content',
    title: 'Image',
    description: 'Returns an image beside its text.',
    handler: async () => ({ text: 'A red pixel.', images: [{ data: PNG, mimeType: 'image/png' }] }),
  }),
  defineTool({
    ...common,
    name: 'test_error_handling',
    title: 'Error',
    description: 'Fails.',
    async handler() {
      throw new ChurnMcpError('INVALID_ARGUMENT', 'This tool intentionally returns an error for testing.');
    },
  }),
  defineTool({
    ...common,
    name: 'test_tool_with_progress',
    title: 'Progress',
    description: 'Reports progress.',
    async handler(_, { progress }) {
      for (const done of [0, 50, 100]) {
        progress({ phase: 'testing', done, total: 100, message: `testing: ${done} of 100` });
        await wait(300);
      }
      return { text: 'Done.' };
    },
  }),
];
