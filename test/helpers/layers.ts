/** A folder of `src/` (or a file beside them, `tools` or `app`), and what it may import. Types count as imports. */
export interface Layer {
  readonly holds: string;
  /** Besides itself and the layers that anyone may import. */
  readonly mayImport: readonly string[];
}

/** Layers that every other one may import, and that import nothing but each other. */
export const ANYONE: Readonly<Record<string, Layer>> = {
  errors: { holds: 'the error class', mayImport: [] },
  'error-codes': { holds: 'one record per error code: exit code, meaning, fix', mayImport: [] },
  text: { holds: 'the cleaner and the quoter of untrusted text; numbers as people read them', mayImport: [] },
  files: {
    holds: 'durable files: write aside, flush, rename; temporary names and their owners',
    mayImport: [],
  },
  progress: { holds: 'reports of long work', mayImport: [] },
  tracing: { holds: 'spans of work, for a collector', mayImport: [] },
  'shared-call': { holds: 'one run for many callers', mayImport: [] },
  'this-machine': { holds: 'the host names of this machine', mayImport: [] },
  'did-you-mean': { holds: 'the nearest known name', mayImport: [] },
};

/** In the order in which data becomes answers. `ARCHITECTURE.md` shows this table. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  data: {
    holds: '`DataSource` and its engine DuckDB; import, snapshots, tables of customers, the demo shop',
    mayImport: ['package-root'],
  },
  ingest: {
    holds:
      'rows that arrive one by one: their log, its channels, and the refresh that folds it into a snapshot',
    mayImport: ['data'],
  },
  dataset: { holds: 'column-major float32 in shared memory; seeded splits', mayImport: ['data'] },
  features: {
    holds: 'the ordered feature lists, for training and serving alike',
    mayImport: ['data', 'dataset'],
  },
  customers: {
    holds: 'which customers: segments, filters, cohorts and trade by month',
    mayImport: ['data', 'features'],
  },
  gbdt: {
    holds:
      'the tree learner; `kernel/` is AssemblyScript compiled to WASM SIMD, `plain-kernel.ts` its oracle',
    mayImport: ['dataset', 'package-root'],
  },
  baselines: {
    holds: 'what a forecast has to beat: BG/NBD, logistic regression',
    mayImport: ['dataset', 'gbdt'],
  },
  explain: {
    holds: 'exact Shapley values of the trees (path-dependent TreeSHAP)',
    mayImport: ['dataset', 'features', 'gbdt'],
  },
  onnx: { holds: 'turns trees into an ONNX file, and reads them back', mayImport: ['gbdt', 'features'] },
  xgboost: {
    holds: 'reads models that XGBoost saved; turns them into our trees, bit for bit',
    mayImport: ['gbdt'],
  },
  registry: { holds: 'versions, aliases, model cards; checksums', mayImport: ['gbdt', 'data'] },
  metrics: {
    holds: 'classification, calibration, ranking, leakage',
    mayImport: ['dataset', 'features', 'registry'],
  },
  scoring: {
    holds: 'scores by the trees of ONNX files, on all cores; scores of customers and the reasons for them',
    mayImport: [
      'baselines',
      'customers',
      'data',
      'dataset',
      'explain',
      'features',
      'gbdt',
      'registry',
      'metrics',
      'onnx',
      'optional-package',
      'package-root',
    ],
  },
  recommend: {
    holds: 'candidates, ranking, the text of the procedure',
    mayImport: ['customers', 'data', 'dataset', 'features', 'registry', 'metrics', 'scoring'],
  },
  campaigns: {
    holds: 'campaigns from plan to measured profit: hold-out, files, contact lists, statistics',
    mayImport: ['customers', 'data', 'dataset', 'features', 'registry', 'scoring', 'metrics'],
  },
  training: {
    holds: 'the stories of each training; the thread pool',
    mayImport: [
      'baselines',
      'campaigns',
      'explain',
      'data',
      'dataset',
      'features',
      'gbdt',
      'metrics',
      'onnx',
      'registry',
      'scoring',
      'recommend',
      'optional-package',
      'package-root',
      'xgboost',
    ],
  },
  mcp: {
    holds: 'the contract of tools (`Tool`, `ToolContext`), shared schemas and texts',
    mayImport: [
      'campaigns',
      'customers',
      'data',
      'explain',
      'features',
      'gbdt',
      'metrics',
      'recommend',
      'registry',
      'scoring',
      'training',
    ],
  },
  alerts: {
    holds: 'rules about risk and money, and the delivery of what fired',
    mayImport: ['customers', 'data', 'features', 'mcp', 'scoring'],
  },
  tools: {
    holds: 'one MCP tool per file: plain data and a handler; no SDK, no SQL',
    mayImport: ['campaigns', 'customers', 'mcp', 'registry'],
  },
  charts: { holds: 'figures of a model as pictures', mayImport: ['registry', 'package-root'] },
  server: {
    holds: 'assembly: services, dispatch, jobs, stdio, HTTP; nothing else imports the MCP SDK',
    mayImport: [
      'alerts',
      'campaigns',
      'charts',
      'customers',
      'data',
      'features',
      'gbdt',
      'http-config',
      'ingest',
      'mcp',
      'metrics',
      'package-root',
      'recommend',
      'registry',
      'scoring',
      'snowflake',
      'training',
      'tools',
    ],
  },
  snowflake: {
    holds:
      'all of Snowflake: session, data source, rows that stream in, deployment (functions of trees, the procedure), mirror',
    mayImport: [
      'campaigns',
      'customers',
      'data',
      'features',
      'gbdt',
      'ingest',
      'optional-package',
      'package-root',
      'recommend',
      'registry',
    ],
  },
  terminal: { holds: 'the progress bar', mayImport: [] },
  commands: {
    holds: 'one command per file',
    mayImport: [
      'alerts',
      'campaigns',
      'snowflake',
      'config',
      'http-config',
      'data',
      'ingest',
      'log',
      'mcp',
      'optional-package',
      'package-root',
      'recommend',
      'registry',
      'scoring',
      'server',
      'telemetry',
      'terminal',
      'tools',
      'training',
    ],
  },
  cli: { holds: 'the entry: guards stdout, then runs the command', mayImport: ['commands'] },
  telemetry: { holds: 'sends spans to a collector of OpenTelemetry', mayImport: [] },
  config: {
    holds: 'the only reader of the environment',
    mayImport: ['data', 'http-config', 'snowflake', 'telemetry'],
  },
  'http-config': { holds: 'the settings of the HTTP server', mayImport: [] },
  log: { holds: 'log lines on stderr', mayImport: ['config'] },
  'optional-package': {
    holds: 'packages that only some need: loads one, or says how to add it',
    mayImport: ['package-root'],
  },
  'package-root': { holds: 'where the package lies', mayImport: [] },
  app: { holds: 'the page of the dashboard; it knows the tools by their answers alone', mayImport: [] },
};
