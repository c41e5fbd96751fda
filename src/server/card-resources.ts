/** Model cards as MCP resources: `churn://models/MODEL/VERSION`, in Markdown. */
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { ChurnMcpError } from '../errors.ts';
import { cardMarkdown } from '../mcp/card-markdown.ts';
import { REGISTERED_MODELS, registeredModelSchema } from '../registry/model-card.ts';
import type { Services } from './services.ts';

const MIME_TYPE = 'text/markdown';
const URI = /^churn:\/\/models\/([a-z_]{1,60})\/(v_\d{8}_\d{6}|champion)$/;
/** A client that lists resources shows them to a person. */
const MOST_LISTED = 100;
/** As the protocol has it for a resource that is not there. */
const RESOURCE_NOT_FOUND = -32002;

export function serveModelCards(server: Server, { registry }: Pick<Services, 'registry'>): void {
  server.setRequestHandler(ListResourcesRequestSchema, async () => {
    const versions = await registry.list();
    const resources = versions.slice(0, MOST_LISTED).map(({ card: { model, version, as_of }, aliases }) => ({
      uri: `churn://models/${model}/${version}`,
      name: `${model} ${version}`,
      title: `Model card: ${model} ${version}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
      description: `What it is for, what it learnt from (data up to ${as_of}), how good it is and where it ends.`,
      mimeType: MIME_TYPE,
    }));
    return { resources };
  });

  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [
      {
        uriTemplate: 'churn://models/{model}/{version}',
        name: 'model_card',
        title: 'Model card',
        description: `The card of a version, or of the champion. Models: ${REGISTERED_MODELS.join(', ')}.`,
        mimeType: MIME_TYPE,
      },
    ],
  }));

  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const [, name, version] = URI.exec(uri) ?? [];
    const model = registeredModelSchema.safeParse(name);
    if (!model.success || version === undefined) {
      throw new McpError(ErrorCode.InvalidParams, 'A model card is at churn://models/MODEL/VERSION.');
    }
    try {
      const card = await registry.card(model.data, version === 'champion' ? undefined : version);
      return { contents: [{ uri, mimeType: MIME_TYPE, text: cardMarkdown(card) }] };
    } catch (error) {
      if (!(error instanceof ChurnMcpError)) throw error;
      throw new McpError(RESOURCE_NOT_FOUND, `${error.message}${error.hint ? ` ${error.hint}` : ''}`);
    }
  });
}
