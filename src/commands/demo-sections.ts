/** What the demo prints, part by part. */
import { ChurnMcpError } from '../errors.ts';
import { callByCommand } from './call-outcome.ts';
import type { CommandContext } from './command-context.ts';

export function section(
  { print, display }: CommandContext,
  title: string,
  ...paragraphs: readonly string[]
): void {
  display.stop();
  print(`${title}\n${'='.repeat(title.length)}\n${paragraphs.join('\n')}\n\n`);
}

/** @throws what the tool was refused for */
export async function outcomeOf(context: CommandContext, tool: string, args: Record<string, unknown>) {
  const outcome = await callByCommand(context, tool, args);
  if (outcome.isError) throw new ChurnMcpError(outcome.code ?? 'INTERNAL', outcome.text);
  return outcome;
}
