/** Every page, in the order of the side bar. */
export const PAGES = {
  'Getting started': {
    'README.md': 'churn-mcp',
    'docs/hosts.md': 'In an MCP client',
    'docs/import.md': 'Import',
    'docs/errors.md': 'Errors',
  },
  Use: {
    'docs/campaigns.md': 'Campaigns',
    'docs/features.md': 'Features of the forecast',
    'docs/ingest.md': 'Rows as they come',
    'docs/import-xgboost.md': 'Models from XGBoost',
    'docs/skill/customer-retention/SKILL.md': 'A skill for agents',
  },
  Operation: {
    'docs/alerts.md': 'Alerts',
    'docs/operations.md': 'Running it',
    'docs/http.md': 'HTTP',
    'docs/scale.md': 'Large shops',
    'docs/snowflake.md': 'Snowflake',
    'docs/snowflake-statements.md': 'Statements in Snowflake',
    'docs/security.md': 'Threats and tests',
  },
  Project: {
    'ARCHITECTURE.md': 'Architecture',
    'CONTRIBUTING.md': 'Contributing',
    'docs/releasing.md': 'Releasing',
    'SECURITY.md': 'Reporting a weakness',
    'CHANGELOG.md': 'Changelog',
  },
};
