/** Commands about registered models. */
import type { CommandEnvironment } from '../command-context.ts';
import type { AddCommand, Done } from './add-command.ts';

export function addModelCommands(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  defineModels(add, environment, done);
  defineRetrain(add, environment, done);
  defineEval(add, environment, done);
}

function defineModels(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'models',
    'lists the registered models, promotes a version, imports one that XGBoost trained, removes old ones, or copies them to Snowflake and back',
    'churn-mcp models promote customer_churn_forecast v_20261123_101500',
  )
    .argument('[action]', 'list, promote, import, prune; with Snowflake: push, remote, pull', 'list')
    .argument('[model]', 'registered model; with import: a file that booster.save_model wrote, .json or .ubj')
    .argument('[version]', 'version to promote, push or pull (default for push and pull: the champions)')
    .option('--promote', 'with pull: make the copied version the champion')
    .option('--model-registry', "with push: register the version in Snowflake's Model Registry too")
    .option('--features <names>', 'with import: its columns in order, separated by commas')
    .option(
      '--model <name>',
      'with import: the registered model that it becomes a version of (default: customer_churn_forecast)',
    )
    .option(
      '--scaler <file>',
      'with import: JSON with mean and scale of the StandardScaler that the model was trained behind',
    )
    .option('--horizon-days <n>', 'with import: days ahead that it predicts (default: those of the champion)')
    .option(
      '--keep <n>',
      'with prune: newest versions of each model to keep, besides the champion (default: 10)',
    )
    .option('--dry-run', 'with prune: say what would be removed, and remove nothing')
    .option('--comment <text>', 'with import: a note for its card')
    .option('--json', 'print the structured content instead of the text')
    .addHelpText(
      'after',
      '  churn-mcp models import churn.ubj --features TOTAL_ORDERS,TOTAL_SPENT --model customer_churn_predictor\n  churn-mcp models prune --keep 5 --dry-run',
    )
    .action(async (action, model, version, flags) => {
      const { runModels } = await import('../models.ts');
      done(await runModels({ action, model, version }, flags, environment));
    });
}

function defineRetrain(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'retrain',
    'trains a new version, compares it with the champion and promotes it if it is at least as good',
    'churn-mcp retrain --model customer_churn_forecast --quiet',
  )
    .option('--model <name>', 'registered model', 'customer_churn_forecast')
    .option('--horizon-days <n>', 'days ahead to predict (default: those of the champion)')
    .option('--as-of <day>', 'use no data after this day (default: the day of the last order)')
    .option('--json', 'print the structured content instead of the text')
    .option('--force', 'train although neither the data nor the recipe has changed')
    .addHelpText(
      'after',
      '\nExit codes: 0 the new version is the champion, or nothing has changed since it was trained; 4 the champion stays.',
    )
    .action(async (flags) => {
      const { runRetrain } = await import('../retrain.ts');
      done(await runRetrain(flags, environment));
    });
}

function defineEval(add: AddCommand, environment: CommandEnvironment, done: Done): void {
  add(
    'eval',
    'shows how the champions did on rows they had not seen, beside simple rules',
    'churn-mcp eval --model product_recommendation',
  )
    .option('--model <name>', 'registered model (default: every model)')
    .option('--version <version>', 'version of that model (default: the champion)')
    .option('--min-roc-auc <score>', 'end with 1 if a ROC-AUC is lower')
    .option('--max-brier <score>', 'end with 1 if a Brier score is higher')
    .option(
      '--cutoffs <n>',
      'recommendations only: train anew for this many days and judge the horizon after each',
    )
    .option(
      '--as-of <day>',
      'with --cutoffs: the end of the latest horizon (default: the day of the last order)',
    )
    .option('--json', 'print data instead of a table')
    .addHelpText(
      'after',
      '  churn-mcp eval --model customer_churn_forecast --min-roc-auc 0.7 --max-brier 0.2',
    )
    .action(async (flags) => {
      const { runEval } = await import('../eval.ts');
      done(await runEval(flags, environment));
    });
}
