import { describe, expect, it } from 'vitest';
import { parseAlertRules } from '../../src/alerts/alert-rules.ts';

const LINE = [{ line: true }];
const parse = (rules: unknown, deliver_to: unknown = LINE) =>
  parseAlertRules(JSON.stringify({ rules, deliver_to }));
const problemOf = (rules: unknown, deliver_to: unknown = LINE) => {
  try {
    parse(rules, deliver_to);
    return 'none';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('a file of alert rules', () => {
  it('holds rules about risk and money, and where alerts go', () => {
    expect(
      parse(
        [
          { name: 'premium', risk_above: 0.6, filter: { customer_segment: 'Premium' } },
          { name: 'money', money_at_risk_up: 0.1 },
        ],
        [{ line: true }, { file: '/var/log/alerts.ndjson' }, { webhook: 'https://example.com/hook' }],
      ),
    ).toMatchObject({ rules: [{ risk_above: 0.6 }, { in_days: 7 }], destinations: [{}, {}, {}] });
  });

  it('is refused with the place and what to write there', () => {
    const risk = { name: 'a', risk_above: 0.6 };
    expect([
      problemOf([{ name: 'a', risk_above: 60 }]),
      problemOf([{ name: 'a' }]),
      problemOf([{ ...risk, money_at_risk_up: 0.1 }]),
      problemOf([{ ...risk, fliter: {} }]),
      problemOf([{ name: 'a', risk_abvoe: 0.6 }]),
      problemOf([{ ...risk, filter: { segmnet: 'x' } }]),
      problemOf([risk], [{ webhok: 'https://example.com' }]),
      problemOf([{ ...risk, rearm_below: 0.7 }]),
      problemOf([risk, risk]),
      problemOf([]),
      problemOf([risk], []),
      problemOf([risk], [{ file: 'alerts.ndjson' }]),
      problemOf([risk], [{ webhook: 'http://example.com' }]),
      problemOf([risk], [{ webhook: 'https://ann:secret@example.com' }]),
      problemOf([risk], [{ webhook: 'http://localhost:8080/hook' }]),
    ]).toMatchInlineSnapshot(`
      [
        "rules[0].risk_above in the file of alert rules must be below 1: write 60 % as 0.6.",
        "rules[0] in the file of alert rules must have either risk_above or money_at_risk_up.",
        "rules[0] in the file of alert rules must have either risk_above or money_at_risk_up.",
        "rules[0] in the file of alert rules has an unknown name: "fliter". Did you mean "filter"? Known names: name, risk_above, rearm_below, filter, money_at_risk_up, in_days.",
        "rules[0] in the file of alert rules has an unknown name: "risk_abvoe". Did you mean "risk_above"? Known names: name, risk_above, rearm_below, filter, money_at_risk_up, in_days.",
        "rules[0].filter in the file of alert rules has an unknown name: "segmnet". Did you mean "segment"? Known names: segment, customer_segment, attributes, bought, min_spent, max_spent, min_orders, max_orders.",
        "deliver_to[0] in the file of alert rules has an unknown name: "webhok". Did you mean "webhook"? Known names: line, file, webhook.",
        "rules[0].rearm_below in the file of alert rules must not be above risk_above.",
        "Two alert rules are called "a".",
        "rules in the file of alert rules must hold a rule.",
        "deliver_to in the file of alert rules must hold a destination.",
        "deliver_to[0].file in the file of alert rules must be an absolute path.",
        "deliver_to[0].webhook in the file of alert rules must be an https address without a user name; http only for this machine.",
        "deliver_to[0].webhook in the file of alert rules must be an https address without a user name; http only for this machine.",
        "none",
      ]
    `);
  });
});
