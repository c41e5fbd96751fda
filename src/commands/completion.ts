/** Completion for shells: a script of all commands, flags, tools and models. It starts no process while somebody types. */
import type { Command } from 'commander';
import { TOOLS } from '../../tools/index.ts';
import { REGISTERED_MODELS } from '../registry/model-card.ts';
import type { CommandEnvironment } from './command-context.ts';
import { parseName } from './flag-values.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** Words that may follow a command besides its flags. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  call: TOOLS.map(({ name }) => name),
  tools: TOOLS.map(({ name }) => name),
  models: ['list', 'promote', 'import', 'prune', 'push', 'remote', 'pull', ...REGISTERED_MODELS],
  campaign: ['list', 'plan', 'start', 'results', 'train'],
  completion: SHELLS,
  deploy: ['snowflake'],
  undeploy: ['snowflake'],
};

/** Prints the script for a shell, or what it is made of. */
export function runCompletion(
  shell: string,
  program: Command,
  { stdout, asJson }: CommandEnvironment & { readonly asJson: boolean },
): number {
  const script = SCRIPTS[parseName('shell', shell, SHELLS)];
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: [...(WORDS[command.name()] ?? []), ...flagsOf(command)],
  }));
  stdout.write(asJson ? `${JSON.stringify(commands, null, 2)}\n` : script(commands));
  return 0;
}

interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
}

function flagsOf(command: Command): string[] {
  return command.options.flatMap(({ long }) => (long === undefined || long === null ? [] : [long]));
}

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (commands: readonly CompletedCommand[]) => string>> =
  {
    bash: bashScript,
    // zsh reads the completions of bash.
    zsh: (commands) => `autoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`,
    fish: fishScript,
  };

/** Where no word fits, a file is completed: many flags take one. */
function bashScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  const cases = commands.map(({ name, words }) => `    ${name}) words="${words.join(' ')}" ;;`);
  return [
    '# For ~/.bashrc: eval "$(churn-mcp completion bash)"',
    '_churn_mcp() {',
    `  local current="\${COMP_WORDS[COMP_CWORD]}" words=""`,
    `  case "$COMP_CWORD:\${COMP_WORDS[1]}" in`,
    `    1:*) words="${names}" ;;`,
    ...cases.map((line) => line.replace(/^ {4}/, '    *:')),
    '  esac',
    '  COMPREPLY=( $(compgen -W "$words" -- "$current") )',
    '}',
    'complete -o default -F _churn_mcp churn-mcp',
    '',
  ].join('\n');
}

function fishScript(commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap(({ name, description, words }) => [
    `complete -c churn-mcp -n __fish_use_subcommand -a ${name} -d '${description.replaceAll("'", '’')}'`,
    `complete -c churn-mcp -n '__fish_seen_subcommand_from ${name}' -a '${words.join(' ')}'`,
  ]);
  return ['# For ~/.config/fish/completions/churn-mcp.fish', ...lines, ''].join('\n');
}
