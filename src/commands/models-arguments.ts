/** The arguments after `churn-mcp models`. */
export interface ModelsArguments {
  readonly action: string;
  readonly model: string | undefined;
  readonly version: string | undefined;
}
