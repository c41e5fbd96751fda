/**
 * What is known of each rule, and which alerts still have to be delivered: `alerts/state.json` in the home folder. It is replaced as
 * a whole, so a rule has fired and its alert waits for delivery, or neither.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ChurnMcpError } from '../errors.ts';
import { replaceFile } from '../files/durable-files.ts';
import { makeFolderDurably } from '../files/folders.ts';
import { openSealedJson, sealedJson } from '../files/sealed-json.ts';
import { isMissing } from '../files/system-error.ts';

const idSchema = z.union([z.number(), z.string()]);

const ruleStateSchema = z.strictObject({
  /** Of the rule as it was written then. */
  digest: z.string(),
  /** Customers who fired, or were above the limit at the first look, and have not fallen far enough since. */
  above: z.array(idSchema),
  /** The same of the sum that a rule about money watches. */
  is_up: z.boolean(),
});
export type RuleState = z.infer<typeof ruleStateSchema>;

export const alertSchema = z.strictObject({
  id: z.string(),
  rule: z.string(),
  at: z.iso.datetime(),
  text: z.string(),
  as_of: z.string(),
  model_version: z.string(),
  customers_total: z.int().optional(),
  customers: z
    .array(
      z.strictObject({ customer_id: idSchema, churn_probability: z.number(), value_at_risk: z.number() }),
    )
    .optional(),
  value_at_risk: z.number().optional(),
  value_at_risk_before: z.number().optional(),
  compared_with: z.string().optional(),
});
export type Alert = z.infer<typeof alertSchema>;

const deliverySchema = z.strictObject({
  alert: alertSchema,
  to: z.string(),
  attempts: z.int().nonnegative(),
  next_at: z.iso.datetime(),
});
export type Delivery = z.infer<typeof deliverySchema>;

const stateSchema = z.object({
  format: z.literal(1),
  checked_at: z.iso.datetime().nullable(),
  rules: z.record(z.string(), ruleStateSchema),
  outbox: z.array(deliverySchema),
});
export type AlertState = z.output<typeof stateSchema>;

export function alertsLayout(home: string) {
  const folder = join(home, 'alerts');
  return { folder, state: join(folder, 'state.json'), lock: join(folder, 'alerts.lock') };
}

const NOTHING: AlertState = { format: 1, checked_at: null, rules: {}, outbox: [] };

/** @throws ALERTS_DAMAGED: with a state that is not known, alerts would be lost or fire again */
export async function readAlertState(home: string): Promise<AlertState> {
  const text = await readFile(alertsLayout(home).state, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw damaged(error);
  });
  if (text === undefined) return NOTHING;
  try {
    return openSealedJson(text, stateSchema);
  } catch (error) {
    throw damaged(error);
  }
}

export async function writeAlertState(home: string, state: AlertState): Promise<void> {
  await makeFolderDurably(alertsLayout(home).folder);
  await replaceFile(alertsLayout(home).state, sealedJson(state));
}

function damaged(cause: unknown): ChurnMcpError {
  return new ChurnMcpError(
    'ALERTS_DAMAGED',
    'The file alerts/state.json of the home folder is damaged, so it is unknown which alerts have fired.',
    {
      hint: 'Put it back from a backup, or remove it: the next check then begins anew and fires nothing.',
      cause,
    },
  );
}
