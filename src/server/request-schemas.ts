/** The parameters of the protocol's requests, as far as the server reads them. More is allowed: revisions add fields. */
import { z } from 'zod';

export const metaSchema = z.looseObject({
  progressToken: z.union([z.string(), z.int()]).optional(),
  // Tasks are not offered, and the SDK ignores a message in which this is of another shape.
  'io.modelcontextprotocol/related-task': z.looseObject({ taskId: z.string() }).optional(),
});

/** Parameters that hold nothing that is read, and may be missing. */
export const noParamsSchema = z.looseObject({ _meta: metaSchema.optional() }).optional();

export const callToolSchema = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: metaSchema.optional(),
});

export const resourceSchema = z.looseObject({ uri: z.string(), _meta: metaSchema.optional() });

const textsSchema = z.record(z.string(), z.string());

export const getPromptSchema = z.looseObject({
  name: z.string(),
  arguments: textsSchema.optional(),
  _meta: metaSchema.optional(),
});

export const completeSchema = z.looseObject({
  ref: z.union([
    z.looseObject({ type: z.literal('ref/prompt'), name: z.string() }),
    z.looseObject({ type: z.literal('ref/resource'), uri: z.string() }),
  ]),
  argument: z.looseObject({ name: z.string(), value: z.string() }),
  context: z.looseObject({ arguments: textsSchema.optional() }).optional(),
  _meta: metaSchema.optional(),
});

const capabilitiesSchema = z.record(z.string(), z.looseObject({}));

export const initializeSchema = z.looseObject({
  protocolVersion: z.string(),
  capabilities: capabilitiesSchema,
  clientInfo: z.looseObject({ name: z.string(), version: z.string() }),
});
