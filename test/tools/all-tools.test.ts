import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeTool } from '../../src/server/tool-schemas.ts';
import { TOOLS } from '../../tools/index.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { connectClient } from '../helpers/mcp-client.ts';

describe('every tool', () => {
  it.each(TOOLS.map((tool) => [tool.name, tool] as const))('has a full description: %s', (name, tool) => {
    expect(name).toMatch(/^[a-z_]{1,64}$/);
    expect(tool.title.length).toBeGreaterThan(3);
    expect(tool.description).not.toMatch(/\byou\b|\bmust\b|\balways call\b/i);
    expect(Object.keys(tool.annotations).sort()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
    ]);
    expect(Object.keys(tool.output.shape)).toContain('text');
    for (const field of Object.values(tool.input.shape)) {
      expect(z.toJSONSchema(field, { io: 'input' })).toHaveProperty('description');
    }
  });

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))('keeps its contract: %s', async (name, tool) => {
    const contract = `${JSON.stringify(describeTool(tool), null, 2)}\n`;
    await expect(contract).toMatchFileSnapshot(`__snapshots__/contracts/${name}.snap`);
  });

  it('is listed to a client, in a fixed order', async () => {
    const client = await connectClient(fakeServices());
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
    await client.close();
  });
});
