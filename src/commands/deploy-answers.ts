import { z } from 'zod';
import { CHAMPION } from '../registry/model-registry.ts';
import type { AnsweredTool } from '../snowflake/deployment/answer-procedures.ts';
import { MirrorSession } from '../snowflake/mirror/mirror-session.ts';
import { type Answer, writeAnswers } from '../snowflake/mirror/write-answers.ts';
import type { SnowflakeConfig } from '../snowflake/snowflake-config.ts';
import { callByCommand } from './call-outcome.ts';
import type { CommandContext } from './command-context.ts';

/** Customers whose explanations are written, those most at risk first. */
const MOST_EXPLAINED = 100;

const listedSchema = z.object({
  customers: z.array(z.object({ customer_id: z.union([z.string(), z.number()]) })),
});

/**
 * Writes what the tools say today to Snowflake, for those who ask there. Without a forecast nothing is written, because a tool would
 * train one.
 *
 * @returns how many answers were written
 */
export async function deployAnswers(config: SnowflakeConfig, context: CommandContext): Promise<number> {
  const { registry } = context.services;
  if ((await registry.resolveAlias('customer_churn_forecast', CHAMPION)) === undefined) return 0;
  const answers: Answer[] = [];
  const ask = async (tool: AnsweredTool, args: Record<string, unknown> = {}, subject = '') => {
    const { isError, text, structuredContent } = await callByCommand(context, tool, args);
    if (!isError) answers.push({ tool, subject, text });
    return structuredContent;
  };
  await ask('get_shop_overview');
  await ask('get_churn_metrics');
  await ask('get_at_risk_customers');
  const listed = await callByCommand(context, 'get_at_risk_customers', { limit: MOST_EXPLAINED });
  for (const { customer_id } of listedSchema.safeParse(listed.structuredContent).data?.customers ?? []) {
    await ask('explain_churn_risk', { customer_id }, String(customer_id));
  }
  await using mirror = await MirrorSession.open(config, context.signal);
  await writeAnswers(answers, mirror, new Date());
  return answers.length;
}
