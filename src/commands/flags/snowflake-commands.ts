/** Commands that make objects in Snowflake, and remove them. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addSnowflakeCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineDeploy(add, environment, done);
  defineUndeploy(add, environment, done);
}

function defineDeploy(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'deploy',
    'makes the objects in Snowflake that serve there: tables, scoring functions, the procedure, an agent',
    'churn-mcp deploy snowflake --dry-run',
  )
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option(
      '--only <parts>',
      'parts, separated by commas: schemas, serving, models, campaigns, inference, procedure, answers, agent, mcp; and, made only if named: interactive, onnx, external-mcp, containers, service, task, roles',
    )
    .option('--warehouse <name>', 'warehouse that refreshes the tables (default: that of the connection)')
    .option('--grant-to <role>', 'role that may use what is made, read only; name it at every deploy')
    .option('--replace', 'also replace objects of the same names that churn-mcp did not make')
    .option('--mcp-url <url>', 'for external-mcp: the public address of this server, ending with /mcp')
    .option('--oauth-client-id <id>', 'for external-mcp; the secret comes from CHURN_MCP_OAUTH_CLIENT_SECRET')
    .option('--oauth-token-endpoint <url>', 'for external-mcp')
    .option('--oauth-authorization-endpoint <url>', 'for external-mcp')
    .option(
      '--compute-pool <name>',
      'for service and task: compute pool (default: the one that containers makes)',
    )
    .option(
      '--image <path>',
      'for service and task: the image, as /db/schema/repository/churn-mcp:version (default: this version in the repository that containers makes)',
    )
    .option('--allow <parts>', 'for roles: parts that the deployer may make besides the default ones')
    .option('--json', 'print the statements, or what was done, as JSON')
    .addHelpText(
      'after',
      '\nIt deploys to the account that holds the data: docs/snowflake.md. You can repeat it at any time.',
    )
    .action(async (target, flags) => {
      const { runDeploy } = await import('../deploy.ts');
      done(await runDeploy(target, flags, environment));
    });
}

function defineUndeploy(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('undeploy', 'removes from Snowflake what deploy made', 'churn-mcp undeploy snowflake --dry-run')
    .argument('<target>', 'snowflake')
    .option('--dry-run', 'print the statements and send nothing')
    .option('--all', 'also remove the models, predictions, campaigns and files kept there')
    .option('--json', 'print the statements, or what was done, as JSON')
    .action(async (target, flags) => {
      const { runUndeploy } = await import('../deploy.ts');
      done(await runUndeploy(target, flags, environment));
    });
}
