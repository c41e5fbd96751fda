/** A picture in an answer, beside its text. */
export interface ToolImage {
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}
