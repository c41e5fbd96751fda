import { ERROR_CODES } from '../errors.ts';
import { callByCommand } from './call.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';

/** Lists the registered models, or promotes a version. */
export function runModels(
  call: { readonly tool: 'list_models' | 'promote_model'; readonly args: Record<string, unknown> },
  flags: CommonFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  return withServices(environment, flags, async (context) => {
    const { isError, code, text, structuredContent } = await callByCommand(context, call.tool, call.args);
    if (isError) {
      process.stderr.write(`${text}\n`);
      return code === undefined ? 1 : ERROR_CODES[code].exit;
    }
    context.print(flags.json ? JSON.stringify(structuredContent, null, 2) : text);
    return 0;
  });
}
