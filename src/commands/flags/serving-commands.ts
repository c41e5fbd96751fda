/** Commands that serve: over stdio, over HTTP or to a browser. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addServingCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineStdio(add, environment, done);
  defineHttp(add, environment, done);
  defineDashboard(add, environment, done);
}

const RETRAIN_EVERY = [
  '--retrain-every <time>',
  'train models again after this time, such as 24h or 7d, or at drift: when customers have moved much since the training',
] as const;

function defineStdio(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add('stdio', 'serves MCP on stdin and stdout (the default)', 'churn-mcp')
    .option(...RETRAIN_EVERY)
    .action(async (flags) => {
      const { runStdioServer } = await import('../serve-stdio.ts');
      done(await runStdioServer(flags, environment));
    });
}

function defineHttp(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'http',
    'serves MCP over Streamable HTTP',
    'CHURN_MCP_HTTP_TOKEN=$(openssl rand -hex 32) churn-mcp http',
  )
    .option('--host <address>', 'address to listen on (default: CHURN_MCP_HTTP_HOST, else 127.0.0.1)')
    .option('--port <n>', 'port, 0 for any free one (default: CHURN_MCP_HTTP_PORT, else 3000)')
    .option(
      '--token <secret>',
      'token that clients must send; CHURN_MCP_HTTP_TOKEN is safer, because other users of the machine cannot see it',
    )
    .option('--target-lag <seconds>', 'how long rows sent to /ingest may wait until answers count them', '60')
    .option(...RETRAIN_EVERY)
    .option('--json', 'print the address and who may call as JSON, once it listens')
    .addHelpText(
      'after',
      '\nTo accept tokens of an OAuth server, set CHURN_MCP_OAUTH_ISSUER: docs/http.md. For TLS, put a proxy in front.',
    )
    .action(async (flags) => {
      const { runHttpServer } = await import('../serve-http.ts');
      done(await runHttpServer(flags, environment));
    });
}

function defineDashboard(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'dashboard',
    'shows how the shop is doing, whom to call, retention and models in a browser',
    'churn-mcp dashboard',
  )
    .option('--port <n>', 'port, 0 for any free one', '0')
    .option('--no-open', 'print the address and open no browser')
    .option('--json', 'print the address as JSON')
    .action(async (flags) => {
      const { runDashboard } = await import('../dashboard.ts');
      done(await runDashboard(flags, environment));
    });
}
