/** A picture that an answer shows beside its text. */
export interface ToolImage {
  /** Base64. */
  readonly data: string;
  readonly mimeType: string;
}
