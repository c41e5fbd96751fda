import { describe, expect, it } from 'vitest';
import { checkService } from '../../src/snowflake/service-check.ts';

const NAME = 'SHOP.MODELS.CHURN_MCP';

describe('doctor on the service in containers', () => {
  it.each([
    ['nothing if there is none', [{ name: 'OTHER', status: 'RUNNING' }], '', []],
    [
      'its address if it runs',
      [{ name: 'CHURN_MCP', status: 'RUNNING' }],
      'abc-org-account.snowflakecomputing.app',
      ['ok the service SHOP.MODELS.CHURN_MCP runs at https://abc-org-account.snowflakecomputing.app/mcp.'],
    ],
    [
      'that it has no address yet',
      [{ name: 'CHURN_MCP', status: 'RUNNING' }],
      'Endpoints provisioning in progress... check back in a few minutes',
      ['note the service SHOP.MODELS.CHURN_MCP has no address yet.'],
    ],
    [
      'how to read its log if it does not run',
      [{ name: 'CHURN_MCP', status: 'FAILED' }],
      '',
      [
        "note the service SHOP.MODELS.CHURN_MCP is FAILED. What its container says: SELECT SYSTEM$GET_SERVICE_LOGS('SHOP.MODELS.CHURN_MCP', 0, 'churn-mcp');",
      ],
    ],
  ])('says %s', async (_, services, ingress_url, expected) => {
    const findings = await checkService(services, NAME, async () => [{ name: 'mcp', ingress_url }]);
    expect(findings.map(({ state, text }) => `${state} ${text}`)).toEqual(expected);
  });
});
