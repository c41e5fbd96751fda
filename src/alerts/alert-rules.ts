/** The rules of alerts: one JSON file, which the person who runs churn-mcp writes. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { ChurnMcpError } from '../errors.ts';
import { filterSchema } from '../mcp/schemas.ts';
import { quoted } from '../text/quoted.ts';
import { wrongValue } from '../text/wrong-value.ts';
import { THIS_MACHINE } from '../this-machine.ts';

/** A customer whose risk hovers around the limit fires once: it must fall so far below before it can fire again. */
const USUAL_MARGIN = 0.05;

const share = z.number().gt(0, 'must be above 0').lt(1, 'must be below 1: write 60 % as 0.6');

const riskRuleSchema = z.strictObject({
  name: z.string().min(1).max(60),
  risk_above: share,
  /** The risk below which a customer can fire again. */
  rearm_below: share.optional(),
  filter: filterSchema.optional(),
});

const moneyRuleSchema = z.strictObject({
  name: z.string().min(1).max(60),
  money_at_risk_up: z.number().gt(0, 'must be above 0: write 10 % as 0.1').max(100),
  in_days: z.int().min(1).max(366).default(7),
  filter: filterSchema.optional(),
});

const urlSchema = z
  .url()
  .max(2048)
  .refine(isSafeAddress, 'must be an https address without a user name; http only for this machine');

const lineSchema = z.strictObject({ line: z.literal(true) });
const filePathSchema = z.strictObject({
  file: z.string().max(4096).refine(isAbsolute, 'must be an absolute path'),
});
const webhookSchema = z.strictObject({ webhook: urlSchema });
const destinationSchema = z.union([lineSchema, filePathSchema, webhookSchema], {
  error: 'must be {"line": true}, {"file": "/absolute/path"} or {"webhook": "https://…"}',
});

const fileSchema = z.strictObject({
  rules: z.array(z.looseObject({})).min(1, 'must hold a rule').max(50),
  deliver_to: z.array(destinationSchema).min(1, 'must hold a destination').max(10),
});

export type RiskRule = z.output<typeof riskRuleSchema>;
export type MoneyRule = z.output<typeof moneyRuleSchema>;
export type AlertRule = RiskRule | MoneyRule;
export type Destination = z.output<typeof destinationSchema>;

export interface AlertRules {
  readonly rules: readonly AlertRule[];
  readonly destinations: readonly Destination[];
}

export function isRiskRule(rule: AlertRule): rule is RiskRule {
  return 'risk_above' in rule;
}

export function rearmBelow({ risk_above, rearm_below }: RiskRule): number {
  return rearm_below ?? Math.max(risk_above - USUAL_MARGIN, risk_above / 2);
}

/** Tells a rule that was changed: what is known of it then begins anew. */
export function digestOf(rule: AlertRule): string {
  return createHash('sha256').update(JSON.stringify(rule)).digest('hex').slice(0, 16);
}

/** The name of a destination in the state. */
export function nameOf(destination: Destination): string {
  if ('file' in destination) return `file:${destination.file}`;
  return 'webhook' in destination ? `webhook:${destination.webhook}` : 'line';
}

/** @throws INVALID_CONFIG, which names the place and what to write there */
export async function readAlertRules(file: string): Promise<AlertRules> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(`The file of alert rules ${quoted(file, 200)} cannot be read.`, cause);
  });
  return parseAlertRules(text);
}

export function parseAlertRules(text: string): AlertRules {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid('The file of alert rules is no JSON.', cause);
  }
  checkNames(json);
  const { rules, deliver_to } = parsed(fileSchema, json, '');
  const read = rules.map((rule, at) => {
    const kinds = ['risk_above', 'money_at_risk_up'].filter((kind) => kind in rule);
    if (kinds.length !== 1) {
      throw invalid(
        `rules[${at}] in the file of alert rules must have either risk_above or money_at_risk_up.`,
      );
    }
    const place = `rules[${at}]`;
    return 'risk_above' in rule ? riskRuleOf(rule, place) : parsed(moneyRuleSchema, rule, place);
  });
  const repeated = read.find(({ name }, at) => read.findIndex((other) => other.name === name) !== at);
  if (repeated !== undefined) throw invalid(`Two alert rules are called ${quoted(repeated.name)}.`);
  return { rules: read, destinations: deliver_to };
}

const RULE_NAMES = namesOf(riskRuleSchema, moneyRuleSchema);
const DESTINATION_NAMES = namesOf(lineSchema, filePathSchema, webhookSchema);

function namesOf(...schemas: readonly z.ZodObject[]): readonly string[] {
  return [...new Set(schemas.flatMap(({ shape }) => Object.keys(shape)))];
}

/** A mistyped name is named itself, rather than what is missing because of it. */
function checkNames(json: unknown): void {
  checkObject(json, namesOf(fileSchema), '');
  const { rules, deliver_to } = partsSchema.parse(json);
  for (const [at, rule] of rules.entries()) {
    checkObject(rule, RULE_NAMES, `rules[${at}]`);
    checkObject(objectSchema.parse(rule).filter, namesOf(filterSchema), `rules[${at}].filter`);
  }
  for (const [at, destination] of deliver_to.entries()) {
    checkObject(destination, DESTINATION_NAMES, `deliver_to[${at}]`);
  }
}

/** What is no object or list is refused later, by the schemas. */
const objectSchema = z.record(z.string(), z.unknown()).catch({});
const listSchema = z.array(z.unknown()).catch([]);
const partsSchema = z
  .object({ rules: listSchema, deliver_to: listSchema })
  .catch({ rules: [], deliver_to: [] });

function checkObject(json: unknown, known: readonly string[], place: string): void {
  const unknown = Object.keys(objectSchema.parse(json)).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const where = place === '' ? 'The file of alert rules' : `${place} in the file of alert rules`;
  throw invalid(
    `${where} has an unknown name: ${quoted(unknown)}. ${didYouMean(unknown, known)}Known names: ${known.join(', ')}.`,
  );
}

function riskRuleOf(json: unknown, place: string): RiskRule {
  const rule = parsed(riskRuleSchema, json, place);
  if (rearmBelow(rule) <= rule.risk_above) return rule;
  throw invalid(`${place}.rearm_below in the file of alert rules must not be above risk_above.`);
}

function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown, place: string): z.output<Schema> {
  const result = schema.safeParse(json, { error: wrongValue });
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  const within = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const where = `${place}${within}`.replace(/^\./, '');
  throw invalid(`${where === '' ? 'What is written' : where} in the file of alert rules ${message}.`);
}

function isSafeAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return false;
  const isHere = THIS_MACHINE.includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
}

function invalid(message: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('INVALID_CONFIG', message, {
    hint: 'docs/alerts.md shows a file of rules. CHURN_MCP_ALERTS or --rules names it.',
    cause,
  });
}
