import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { plainText } from '../text/plain-text.ts';
import { isGranted, type Tool } from './tool.ts';

/** What a server may do, for every caller. */
export interface ServerLimits {
  /** Nobody imports, trains, promotes, or plans and starts campaigns. */
  readonly readOnly: boolean;
  /** Names of tools that are not offered. */
  readonly disabledTools: readonly string[];
}

/**
 * The tools that a server offers within its limits.
 *
 * @throws INVALID_CONFIG if a disabled tool does not exist, so that a typing error leaves no tool open.
 */
export function offeredTools(
  tools: readonly Tool[],
  { readOnly, disabledTools }: ServerLimits,
): readonly Tool[] {
  const names = tools.map(({ name }) => name);
  const unknown = disabledTools.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ChurnMcpError(
      'INVALID_CONFIG',
      `CHURN_MCP_DISABLED_TOOLS names ${plainText(unknown, 60)}, and there is no such tool.`,
      { hint: `${didYouMean(unknown, names)}Tools: ${names.join(', ')}.` },
    );
  }
  return tools.filter(
    ({ name, scope }) => !disabledTools.includes(name) && (!readOnly || isGranted(['churn:read'], scope)),
  );
}
