/** What the demo shows, part by part: as text while it goes on, or as one JSON object at its end. */
import { ChurnMcpError } from '../errors.ts';
import { callByCommand } from './call-outcome.ts';
import type { CommandContext } from './command-context.ts';

export interface DemoReport {
  section(title: string, ...paragraphs: readonly string[]): void;
  /** The last line; with `--json` all that was shown before. */
  end(text: string): void;
}

export function demoReport({ print, display, config }: CommandContext, isJson = false): DemoReport {
  const sections: { title: string; text: string }[] = [];
  return {
    section(title, ...paragraphs) {
      const text = paragraphs.join('\n');
      sections.push({ title, text });
      if (isJson) return;
      display.stop();
      print(`${title}\n${'='.repeat(title.length)}\n${text}\n\n`);
    },
    end(text) {
      display.stop();
      print(isJson ? JSON.stringify({ home: config.home, sections }, null, 2) : text);
    },
  };
}

/** @throws what the tool was refused for */
export async function outcomeOf(context: CommandContext, tool: string, args: Record<string, unknown>) {
  const outcome = await callByCommand(context, tool, args);
  if (outcome.isError) throw new ChurnMcpError(outcome.code ?? 'INTERNAL', outcome.text);
  return outcome;
}
