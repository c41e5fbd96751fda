/** The command that checks the installation. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addDoctorCommand(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'doctor',
    'checks everything churn-mcp needs, and says how to fix what is broken',
    'churn-mcp doctor --repair',
  )
    .option('--repair', 'set damaged files aside, and go back to the last good snapshot or version')
    .option('--json', 'print the findings as JSON')
    .action(async (flags) => {
      const { runDoctor } = await import('../doctor.ts');
      done(await runDoctor(flags, environment));
    });
}
