/** Commands that make things in Snowflake, and take them back. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addSnowflakeCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineDeploy(add, environment, done);
  defineUndeploy(add, environment, done);
}

function defineDeploy(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'deploy',
    'makes in Snowflake what serves there: tables, scoring functions, the procedure, an agent',
    'churn-mcp deploy snowflake --dry-run',
  )
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option(
      '--only <parts>',
      'with commas between them: schemas, serving, interactive, models, inference, procedure, agent, mcp; and what is only made when named: onnx, external-mcp, task',
    )
    .option('--warehouse <name>', 'warehouse that refreshes the tables (default: the connection’s)')
    .option('--grant-to <role>', 'role that may use what is made, read only; give it every time')
    .option('--mcp-url <url>', 'for external-mcp: where this server answers, with the /mcp')
    .option('--oauth-client-id <id>', 'for external-mcp; the secret is CHURN_MCP_OAUTH_CLIENT_SECRET')
    .option('--oauth-token-endpoint <url>', 'for external-mcp')
    .option('--oauth-authorization-endpoint <url>', 'for external-mcp')
    .option('--compute-pool <name>', 'for task: where the container runs')
    .option('--image <path>', 'for task: the container image, as /db/schema/repository/churn-mcp:version')
    .addHelpText(
      'after',
      '\nThe account is that of the data: docs/snowflake.md. It can be sent again at any time.',
    )
    .action(async (target, flags) => {
      const { runDeploy } = await import('../deploy.ts');
      done(await runDeploy(target, flags, environment));
    });
}

function defineUndeploy(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('undeploy', 'takes back from Snowflake what deploy made', 'churn-mcp undeploy snowflake --dry-run')
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option('--all', 'the models, predictions and files kept there as well')
    .action(async (target, flags) => {
      const { runUndeploy } = await import('../deploy.ts');
      done(await runUndeploy(target, flags, environment));
    });
}
