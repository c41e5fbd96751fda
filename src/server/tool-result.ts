/** The fields of the protocol's `CallToolResult` that are used. */
export interface ToolResult {
  readonly content: ToolContent[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
  /** If the call failed: the code of the error, beside the text, for programs. */
  readonly _meta?: Record<string, unknown>;
  [key: string]: unknown;
}

export type ToolContent =
  | { type: 'text'; text: string }
  | { type: 'resource_link'; uri: string; name: string; mimeType: string }
  | { type: 'image'; data: string; mimeType: string };
