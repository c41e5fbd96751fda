import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ChurnMcpError } from '../../src/errors.ts';
import { defineTool } from '../../src/mcp/tool.ts';
import { listModels } from '../../tools/list-models.ts';
import { fakeServices } from '../helpers/fake-services.ts';
import { callText, connectClient } from '../helpers/mcp-client.ts';

describe('a call that fails', () => {
  const failing = (error: unknown) =>
    fakeServices({
      models: {
        list: async () => {
          throw error;
        },
      },
    });

  it('gives a result that names the fix', async () => {
    const client = await connectClient(
      failing(new ChurnMcpError('NO_DATA', 'There is no data.', { hint: 'Import some.' })),
    );
    expect(await callText(client, 'list_models')).toMatchObject({
      isError: true,
      text: 'There is no data. Import some.',
    });
    await client.close();
  });

  it('says what is wrong with a folder that cannot be written, whichever file it was', async () => {
    const denied = Object.assign(new Error("EACCES: permission denied, mkdir '/home/me/exports'"), {
      code: 'EACCES',
      syscall: 'mkdir',
    });
    const client = await connectClient(failing(denied));
    expect(await callText(client, 'list_models')).toMatchObject({
      isError: true,
      text: 'A file could not be read or written: permission was denied. Correct the permissions of the home folder and of the folder of exports, or free space, and try again. churn-mcp doctor checks the home folder.',
    });
    await client.close();
  });

  it('shows nothing internal for an internal fault', async () => {
    const lines: unknown[] = [];
    const log = {
      info: () => undefined,
      error: (message: string, fields?: object) => lines.push([message, fields]),
    };
    const client = await connectClient(failing(new TypeError('select secret from /home/me')), { log });
    const { isError, text } = await callText(client, 'list_models');
    expect(isError).toBe(true);
    expect(text).toMatch(
      /^INTERNAL: list_models failed inside churn-mcp\. The server's log has the details under reference [0-9a-f]{8}\.$/,
    );
    expect(JSON.stringify(lines)).toContain('select secret');
    await client.close();
  });

  it('says where an argument belongs that is part of another one', async () => {
    const client = await connectClient(fakeServices());
    const { text } = await callText(client, 'find_customers', { segment: 'LAPSED' });
    expect(text).toBe('"segment" belongs in filter: {"filter": {"segment": …}}.');
    await client.close();
  });

  it.each([
    [
      { modell: 'x' },
      'Unknown argument "modell". Did you mean "model"? Arguments of list_models: model, version, limit, offset, response_format.',
    ],
    [{ model: 'x' }, /^model is "x": give "customer_churn_predictor", .* or "campaign_uplift"\.$/],
  ])('says what is wrong with the arguments %j', async (args, expected) => {
    const client = await connectClient(fakeServices());
    const { isError, text } = await callText(client, 'list_models', args);
    expect(isError).toBe(true);
    expect(text).toMatch(expected);
    await client.close();
  });

  it('says so if the answer is longer than clients accept', async () => {
    const talkative = defineTool({
      ...listModels,
      name: 'talkative',
      input: z.strictObject({}),
      output: z.object({ text: z.string() }),
      handler: async () => ({ text: 'word '.repeat(20_000) }),
    });
    const client = await connectClient(fakeServices(), { tools: [talkative] });
    expect(await callText(client, 'talkative')).toMatchObject({
      isError: true,
      text: 'The answer of talkative is longer than clients accept. Ask for less at a time, or set response_format to "concise" if the tool has it.',
    });
    await client.close();
  });

  it('gives a protocol error if there is no such tool', async () => {
    const client = await connectClient(fakeServices());
    await expect(client.callTool({ name: 'drop_tables', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    });
    await client.close();
  });
});
