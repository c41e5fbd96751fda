/** What the doctor finds in Snowflake. */
export interface SnowflakeFinding {
  readonly state: 'ok' | 'note' | 'failed';
  readonly text: string;
}
