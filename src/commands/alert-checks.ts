import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import type { AlertWatch } from '../server/alert-watch.ts';
import type { ServerLog } from '../server/server-log.ts';
import type { Services } from '../server/services.ts';
import { servicesOf } from './command-context.ts';

/** Imports what checks alerts only if rules are configured. */
export async function watchAlertsIfAny(
  config: Config,
  services: Services,
  log: ServerLog,
): Promise<AlertWatch | undefined> {
  if (config.alertRules === undefined) return undefined;
  const { watchAlerts } = await import('./alerts.ts');
  return await watchAlerts(config, services, log);
}

/** The same for a command that has no services of its own. */
export async function openAlertChecks(
  config: Config,
): Promise<AsyncDisposable & { readonly check: () => Promise<void> }> {
  const services = config.alertRules === undefined ? undefined : servicesOf(config);
  const log = createLog(config.logLevel === 'debug' ? 'debug' : 'error');
  const watch = services && (await watchAlertsIfAny(config, services, log));
  return {
    check: async () => await watch?.check(),
    async [Symbol.asyncDispose]() {
      await watch?.[Symbol.asyncDispose]();
      await services?.[Symbol.asyncDispose]();
    },
  };
}
