import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addAlertsCommand(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'alerts',
    'checks rules such as "the risk of a Premium customer rises above 60 %", and delivers what fired',
    'churn-mcp alerts --rules alerts.json --dry-run',
  )
    .option('--rules <file>', 'JSON file with the rules (default: CHURN_MCP_ALERTS)')
    .option('--dry-run', 'say what would fire; keep and deliver nothing')
    .option('--json', 'print what fired as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing fired, 5 something fired, 1 a rule was not checked or an alert not delivered.\ndocs/alerts.md has the rules.',
    )
    .action(async (flags) => {
      const { runAlerts } = await import('../alerts.ts');
      done(await runAlerts(flags, environment));
    });
}
