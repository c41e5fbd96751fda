import type { z } from 'zod';
import type { ToolContext } from './tool-context.ts';
import type { ToolImage } from './tool-image.ts';

/** All four, always: the protocol's defaults are the worst case. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/**
 * Who may call a tool over HTTP: callers who read, callers who train (and register what was trained), and callers who
 * choose the champion. Each includes the one before.
 */
export const SCOPES = ['churn:read', 'churn:train', 'churn:admin'] as const;
/** Allows to send rows, and nothing else; no other scope includes it. */
export const INGEST_SCOPE = 'churn:ingest';
export type Scope = (typeof SCOPES)[number];

/** Whether the granted scopes contain this one, or one that includes it. */
export function isGranted(granted: readonly string[], wanted: Scope): boolean {
  return SCOPES.slice(SCOPES.indexOf(wanted)).some((scope) => granted.includes(scope));
}

/** A resource of this server that goes with an answer. */
export interface ToolLink {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
}

/**
 * What every handler returns: the structured content, whose `text` is also the text content. A `note` follows it
 * as a text of its own, then a link to a resource, pictures as images.
 */
export interface ToolPayload {
  readonly text: string;
  readonly note?: string | undefined;
  readonly link?: ToolLink | undefined;
  readonly images?: readonly ToolImage[] | undefined;
}

/** The dashboard, for clients that show apps. */
export const DASHBOARD_URI = 'ui://churn-mcp/dashboard';

/** One MCP tool as plain data and a handler. Knows no SDK. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** `snake_case`, at most 64 characters. */
  readonly name: string;
  readonly title: string;
  /** Third person; what it does and when it is useful. Never instructs the model. */
  readonly description: string;
  readonly annotations: ToolAnnotations;
  /** The scope a caller needs, if callers are told apart. */
  readonly scope: Scope;
  /**
   * It may train a model or read all customers, so a call that is not done in time goes on as a job. Its output is then
   * the job's id.
   */
  readonly mayBecomeJob: boolean;
  /**
   * Calls of most tools wait in the queue of their caller. `jobs`: the tool only reads jobs, so it does not wait.
   * `trainings`: it waits in the queue of trainings instead.
   */
  readonly lane?: 'jobs' | 'trainings';
  /**
   * Whether a call with these arguments, as the caller sent them, is about a few customers and reads together with others like
   * it. Such calls have a queue of their own, in which more of them run at the same time.
   */
  readonly sharesReading?: (args: unknown) => boolean;
  /** It answers from the imported data, so the answer ends with how fresh that is. */
  readonly tellsFreshness?: true;
  /** The page that clients with apps show beside the answer. */
  readonly ui?: { readonly resourceUri: string };
  readonly input: Input;
  readonly output: Output;
  handler(args: z.output<Input>, context: ToolContext): Promise<z.output<Output> & ToolPayload>;
}

/** Keeps a tool's own types inside its file; the list of tools sees the general type. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  tool: Tool<Input, Output>,
): Tool<Input, Output> {
  return tool;
}
