/**
 * Every error that a user can meet has a code: what it means, what to do, and the exit code of the command line
 * (1 the tool reported an error, 2 wrong usage, 3 broken environment). `docs/errors.md` is made from this.
 */
export interface ErrorDescription {
  readonly exit: 1 | 2 | 3;
  readonly meaning: string;
  readonly fix: string;
}

export const ERROR_CODES = {
  INVALID_ARGUMENT: {
    exit: 1,
    meaning: 'A tool argument is missing, unknown or out of range.',
    fix: 'Correct the argument; the message names it and what is allowed.',
  },
  USAGE: {
    exit: 2,
    meaning: 'The command line was called with unknown flags, commands or values.',
    fix: 'Run the command with --help.',
  },
  INVALID_CONFIG: {
    exit: 2,
    meaning: 'A configuration key is unknown or its value cannot be used.',
    fix: 'Correct or unset the variable; the message names it.',
  },
  NO_DATA: {
    exit: 1,
    meaning: 'No orders have been imported into this home folder yet.',
    fix: 'Run churn-mcp import --orders FILE, or churn-mcp demo.',
  },
  MISSING_TABLE: {
    exit: 1,
    meaning: 'The imported data lacks a table that the request needs.',
    fix: 'Import the file that the message names.',
  },
  IMPORT_REFUSED: {
    exit: 1,
    meaning: 'A file cannot be imported as it is; nothing was changed.',
    fix: 'Follow the hint of the message. Often a flag helps: --map names columns, --date-format the order of day and month.',
  },
  LOG_BUSY: {
    exit: 1,
    meaning:
      'Rows cannot be added to the log now: another process writes to it, or the disk is slower than the senders.',
    fix: 'Send the same rows again in a few seconds; what was stored is known by its offset token.',
  },
  HOME_BUSY: {
    exit: 1,
    meaning: 'A stopped process keeps others from making their data current; nothing was changed.',
    fix: 'Let the stopped process go on (fg, kill -CONT) or end it, then run the command again.',
  },
  LOG_DAMAGED: {
    exit: 3,
    meaning: 'A file of the log holds other bytes than those that were written, or is missing.',
    fix: 'Put the file back from a backup, or run churn-mcp doctor --repair and let the senders send again.',
  },
  ALERTS_DAMAGED: {
    exit: 3,
    meaning: 'The file that says which alerts have fired is damaged.',
    fix: 'Put alerts/state.json back from a backup, or remove it: the next check begins anew and fires nothing.',
  },
  SNAPSHOT_MOVED: {
    exit: 1,
    meaning:
      'Other data became current while rows were added to the data before it, so the result was discarded.',
    fix: 'Run `import --append` again when nothing else is imported. After a refresh do nothing: the next one folds the same rows into the new data.',
  },
  CHANNEL_MOVED: {
    exit: 1,
    meaning: 'Two senders use one channel, so an offset token does not say who sent what.',
    fix: 'Give each sender a channel of its own.',
  },
  MODEL_REFUSED: {
    exit: 1,
    meaning: 'A model file cannot be imported as it is; nothing was changed.',
    fix: 'Follow the hint of the message; docs/import-xgboost.md says how to save a model.',
  },
  TOO_FEW_CUSTOMERS: {
    exit: 1,
    meaning: 'There are fewer customers than training needs.',
    fix: 'Import more orders, or choose a later as_of or a shorter horizon.',
  },
  ONE_CLASS: {
    exit: 1,
    meaning: 'All customers have the same label, so there is nothing to learn.',
    fix: 'Choose another threshold, horizon or as_of.',
  },
  HORIZON_TOO_LONG: {
    exit: 1,
    meaning: 'The history is shorter than the windows the request needs.',
    fix: 'Choose a shorter horizon; the message says how long it may be.',
  },
  UNKNOWN_CUSTOMER: { exit: 1, meaning: 'No such customer in the imported data.', fix: 'Check the id.' },
  PATH_NOT_ALLOWED: {
    exit: 1,
    meaning: 'The path is not that of a plain, visible file in a folder that tools may read.',
    fix: 'Move the file, or set CHURN_MCP_IMPORT_FOLDERS.',
  },
  UNKNOWN_PRODUCT: {
    exit: 1,
    meaning: 'No product or category by that name or id in the imported data.',
    fix: 'Give the id, the name or a part of the name of a product that was sold, or a category.',
  },
  UNKNOWN_SEGMENT: {
    exit: 1,
    meaning: 'No such customer segment.',
    fix: 'Choose one of the segments that the message lists.',
  },
  UNKNOWN_MODEL: {
    exit: 1,
    meaning: 'No such registered model, or it has no version yet.',
    fix: 'Choose one of the models that the message lists, or train it.',
  },
  UNKNOWN_VERSION: {
    exit: 1,
    meaning: 'The registered model has no such version.',
    fix: 'Choose one of the versions that list_models shows.',
  },
  MODEL_CORRUPT: {
    exit: 3,
    meaning: 'The files of a registered version were changed or damaged after it was registered.',
    fix: 'Promote another version or train a new one.',
  },
  SCORES_DIFFER: {
    exit: 3,
    meaning:
      "On this machine a model's scores are not, bit for bit, those of the ONNX runtime; the version is not used.",
    fix: 'Promote another version or train a new one.',
  },
  SNAPSHOT_CORRUPT: {
    exit: 3,
    meaning: 'The imported data cannot be read.',
    fix: 'Import the orders again.',
  },
  STORAGE: {
    exit: 3,
    meaning: 'The home or output folder cannot be written (permissions, disk full), or memory is short.',
    fix: 'Free space or correct the permissions (churn-mcp doctor checks both), or end other programs.',
  },
  WORKER_LOST: {
    exit: 3,
    meaning: 'A training worker, or the server that ran a job, ended unexpectedly; nothing was registered.',
    fix: 'Try again; the machine may be short of memory.',
  },
  FORBIDDEN: {
    exit: 1,
    meaning: 'The token of the caller lacks the scope that the call needs.',
    fix: 'Sign in with the scope that the message names.',
  },
  TRAINING_BUSY: {
    exit: 1,
    meaning: 'Another training is running in the home folder.',
    fix: 'Wait for it to end, or call with wait set to true.',
  },
  TOO_MANY_CALLS: {
    exit: 1,
    meaning: 'The caller has too many calls waiting.',
    fix: 'Call again once some of them are answered.',
  },
  UNKNOWN_CAMPAIGN: {
    exit: 1,
    meaning: 'No such campaign in the home folder.',
    fix: 'get_campaign_results without arguments lists them.',
  },
  CAMPAIGN_REFUSED: {
    exit: 1,
    meaning: 'A campaign cannot be planned or started as asked; nothing was changed.',
    fix: 'Follow the message.',
  },
  CAMPAIGN_CORRUPT: {
    exit: 3,
    meaning: 'A file of a campaign is not what was written when it was planned or started.',
    fix: 'Restore the file that the message names; churn-mcp doctor --repair sets the campaign aside.',
  },
  UNKNOWN_JOB: {
    exit: 1,
    meaning: 'No such job: it belongs to another caller, or ended more than a day ago.',
    fix: 'Look with list_models whether its model was registered.',
  },
  RESULT_TOO_LARGE: {
    exit: 1,
    meaning: 'The answer is longer than clients accept.',
    fix: 'Ask for less with the argument that the message names.',
  },
  PACKAGE_MISSING: {
    exit: 3,
    meaning: 'A package that only some need, such as the driver of Snowflake, is not installed.',
    fix: 'Add it with the command that the message names; churn-mcp doctor names it too.',
  },
  SNOWFLAKE_LOGIN: {
    exit: 3,
    meaning: 'Snowflake refused the login.',
    fix: 'Check the connection; docs/snowflake.md has the ways to log in.',
  },
  SNOWFLAKE_ACCESS: {
    exit: 3,
    meaning: 'The role cannot use a table, a column or the warehouse.',
    fix: "Check the tables' names and the role's grants; docs/snowflake.md has both.",
  },
  SNOWFLAKE_UNREACHABLE: {
    exit: 3,
    meaning: 'Snowflake cannot be reached, or its answer was interrupted.',
    fix: 'Try again; check account and network.',
  },
  SNOWFLAKE_DEPLOY: {
    exit: 1,
    meaning: 'Snowflake refused a statement of a deployment, or somebody else has an object of that name.',
    fix: 'Correct what the message says and deploy again. Every step can be repeated.',
  },
  SNOWFLAKE_STREAMING: {
    exit: 1,
    meaning: 'Snowpipe Streaming refused rows, or took them and does not commit them.',
    fix: 'Correct what the message says and send the same rows again; what was stored is known by its offset token.',
  },
  SNOWFLAKE_TIMEOUT: {
    exit: 1,
    meaning: 'A query in Snowflake took longer than the time limit.',
    fix: 'Ask for less, use a larger warehouse, or set CHURN_MCP_SNOWFLAKE_TIMEOUT_S.',
  },
  RAY_UNREACHABLE: {
    exit: 3,
    meaning: 'The configured Ray cluster does not answer.',
    fix: 'Start the cluster, or correct CHURN_MCP_RAY_ADDRESS.',
  },
  RAY_REFUSED: {
    exit: 3,
    meaning: 'The Ray cluster refused a request: the token is missing or wrong.',
    fix: 'Correct CHURN_MCP_RAY_TOKEN.',
  },
  RAY_JOB_FAILED: {
    exit: 1,
    meaning: 'A training on Ray ended without a model; nothing was registered.',
    fix: "The message says what to do; the job's log has the details.",
  },
  RAY_JOB_LOST: {
    exit: 1,
    meaning:
      'The head node of the Ray cluster restarted or was lost, and the job with it; nothing was registered.',
    fix: 'Train again.',
  },
  CANCELLED: { exit: 1, meaning: 'The work was cancelled; nothing was changed.', fix: 'Nothing.' },
  INTERNAL: {
    exit: 3,
    meaning: 'An error inside churn-mcp; the log on stderr has the details.',
    fix: 'Report it with the lines of the log.',
  },
} as const satisfies Record<string, ErrorDescription>;

export type ErrorCode = keyof typeof ERROR_CODES;
