import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

describe('configuration', () => {
  it('takes flags before the environment, and the environment before defaults', () => {
    const environment = { CHURN_MCP_HOME: '/from/env', CHURN_MCP_THREADS: '3', OTHER: 'x' };
    expect(readConfig({}, environment)).toEqual({
      home: '/from/env',
      threads: 3,
      logLevel: 'info',
      jobAfterMs: 40_000,
      showContacts: false,
    });
    expect(readConfig({ home: '/from/flag', threads: '5', quiet: true }, environment)).toEqual({
      home: '/from/flag',
      threads: 5,
      logLevel: 'error',
      jobAfterMs: 40_000,
      showContacts: false,
    });
    expect(readConfig({}, {}).home).toContain('churn-mcp');
  });

  it.each([
    [{ CHURN_MCP_HOEM: 'x' }, 'The environment variable CHURN_MCP_HOEM is not known.'],
    [{ CHURN_MCP_THREADS: 'many' }, /^CHURN_MCP_THREADS: /],
    [{ CHURN_MCP_LOG_LEVEL: 'loud' }, /^CHURN_MCP_LOG_LEVEL: /],
    [{ CHURN_MCP_JOB_AFTER_S: '0' }, /^CHURN_MCP_JOB_AFTER_S: /],
    [{ CHURN_MCP_SHOW_CONTACTS: 'maybe' }, /^CHURN_MCP_SHOW_CONTACTS: /],
  ])('refuses %j', (environment, message) => {
    expect(() => readConfig({}, environment)).toThrow(message);
  });

  it.each(['', ' ', `\${user_config.home}`])(
    'takes %j from a client for a setting that was not chosen',
    (text) => {
      const environment = { CHURN_MCP_HOME: text, CHURN_MCP_THREADS: text, CHURN_MCP_LOG_LEVEL: text };
      expect(readConfig({}, environment)).toEqual(readConfig({}, {}));
    },
  );

  it('refuses a home flag that is empty, which is a shell variable gone wrong', () => {
    expect(() => readConfig({ home: '' }, {})).toThrow('--home names no folder.');
  });

  it('names the key that was meant', () => {
    expect(() => readConfig({}, { CHURN_MCP_HOEM: 'x' })).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/^Did you mean "CHURN_MCP_HOME"\? Known are /) }),
    );
  });

  it('refuses a number of threads that is none', () => {
    expect(() => readConfig({ threads: '0' }, {})).toThrow('--threads takes a whole number from 1 to 256.');
  });
});
