import { z } from 'zod';
import type { SnowflakeFinding } from './snowflake-finding.ts';

const serviceSchema = z.object({ name: z.string(), status: z.string().nullish() });
const endpointSchema = z.object({ name: z.string(), ingress_url: z.string().nullish() });

/**
 * Whether the server runs as a service in containers, and at which address.
 *
 * @param services those of the schema
 * @param name with database and schema
 * @param endpoints asked only if there is the service
 */
export async function checkService(
  services: readonly unknown[],
  name: string,
  endpoints: () => Promise<readonly unknown[]>,
): Promise<SnowflakeFinding[]> {
  const ours = name.split('.').at(-1);
  const service = services.map((row) => serviceSchema.parse(row)).find((row) => row.name === ours);
  if (service === undefined) return [];
  const status = service.status ?? 'of unknown state';
  if (status !== 'RUNNING') {
    const text = `the service ${name} is ${status}. What its container says: SELECT SYSTEM$GET_SERVICE_LOGS('${name}', 0, 'churn-mcp');`;
    return [{ state: 'note', text }];
  }
  const [endpoint] = (await endpoints()).map((row) => endpointSchema.parse(row));
  const host = endpoint?.ingress_url ?? '';
  // Before that, Snowflake says in a sentence that it is working on it.
  if (!/^[\w.-]+$/.test(host)) return [{ state: 'note', text: `the service ${name} has no address yet.` }];
  return [{ state: 'ok', text: `the service ${name} runs at https://${host}/mcp.` }];
}
