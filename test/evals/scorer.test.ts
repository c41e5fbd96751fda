import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EvalCase } from '../../evals/cases.ts';
import { scoreAnswers } from '../../evals/recording.ts';
import { defaultsOf, type ScoringRules, scoreCase, totalsOf } from '../../evals/scorer.ts';

const rules: ScoringRules = {
  alwaysAllowed: ['comment'],
  defaults: { find: { limit: 10 } },
};

function caseOf(expected: EvalCase['expected'], or?: EvalCase['or']): EvalCase {
  return { id: 'case', from: 'manager', question: '?', expected, ...(or && { or }) };
}

const score = (evalCase: EvalCase, ...calls: [string, Record<string, unknown>][]) => {
  const { id: _, ...rest } = scoreCase(
    evalCase,
    calls.map(([tool, args]) => ({ tool, arguments: args })),
    rules,
  );
  return rest;
};
const RIGHT = { tools: true, arguments: true, problems: [] };

describe('the scorer', () => {
  it('accepts the expected arguments, whatever the case and separators of text', () => {
    const wanted = caseOf([{ tool: 'find', arguments: { segment: 'LOW_ENGAGEMENT' } }]);
    expect(score(wanted, ['find', { segment: 'low engagement' }])).toEqual(RIGHT);
    expect(score(wanted, ['find', { segment: 'Low-Engagement' }])).toEqual(RIGHT);
    expect(score(wanted, ['find', { segment: 'AT_RISK' }])).toEqual({
      tools: true,
      arguments: false,
      problems: ['find: segment is "AT_RISK" instead of "LOW_ENGAGEMENT"'],
    });
    expect(score(wanted, ['find', {}]).problems).toEqual([
      'find: segment is nothing instead of "LOW_ENGAGEMENT"',
    ]);
  });

  it('tells numbers from text, unless the case accepts both', () => {
    expect(score(caseOf([{ tool: 'find', arguments: { id: 1 } }]), ['find', { id: '1' }]).arguments).toBe(
      false,
    );
    const either = caseOf([{ tool: 'find', arguments: { id: { any_of: [1, '1'] } } }]);
    expect(score(either, ['find', { id: '1' }])).toEqual(RIGHT);
    expect(score(either, ['find', { id: 2 }]).arguments).toBe(false);
  });

  it('treats a missing argument as its default, in the case and in the call', () => {
    expect(score(caseOf([{ tool: 'find', arguments: { limit: 10 } }]), ['find', {}])).toEqual(RIGHT);
    expect(score(caseOf([{ tool: 'find', arguments: {} }]), ['find', { limit: 10 }])).toEqual(RIGHT);
  });

  it('counts an argument that nobody asked for as wrong, unless it is harmless', () => {
    const plain = caseOf([{ tool: 'find', arguments: {} }]);
    expect(score(plain, ['find', { limit: 20 }])).toEqual({
      tools: true,
      arguments: false,
      problems: ['find: limit 20 was not asked for'],
    });
    expect(score(plain, ['find', { comment: 'for you' }])).toEqual(RIGHT);
    expect(
      score(caseOf([{ tool: 'find', arguments: {}, allowed: ['limit'] }]), ['find', { limit: 20 }]),
    ).toEqual(RIGHT);
  });

  it('compares only the named fields of an object, at any depth', () => {
    const wanted = caseOf([{ tool: 'train', arguments: { params: { max_depth: 4 } } }]);
    expect(score(wanted, ['train', { params: { max_depth: 4, seed: 1 } }])).toEqual(RIGHT);
    expect(score(wanted, ['train', { params: { max_depth: 5 } }]).arguments).toBe(false);
    expect(score(wanted, ['train', { params: 4 }]).arguments).toBe(false);
  });

  it('expects each call once, in any order', () => {
    const both = caseOf([
      { tool: 'find', arguments: { segment: 'A' } },
      { tool: 'find', arguments: { segment: 'B' } },
    ]);
    expect(score(both, ['find', { segment: 'B' }], ['find', { segment: 'A' }])).toEqual(RIGHT);
    expect(score(both, ['find', { segment: 'A' }], ['find', { segment: 'A' }])).toMatchObject({
      tools: true,
      arguments: false,
      problems: ['find: segment is "A" instead of "B"'],
    });
    expect(score(both, ['find', { segment: 'A' }])).toEqual({
      tools: false,
      arguments: false,
      problems: ['called find instead of find, find'],
    });
  });

  it('accepts no call, or another call, if the case says so', () => {
    expect(score(caseOf([]))).toEqual(RIGHT);
    expect(score(caseOf([]), ['find', {}])).toEqual({
      tools: false,
      arguments: false,
      problems: ['called find instead of no tool'],
    });
    const either = caseOf([{ tool: 'promote', arguments: {} }], [[{ tool: 'list', arguments: {} }], []]);
    expect(score(either, ['list', {}])).toEqual(RIGHT);
    expect(score(either)).toEqual(RIGHT);
    // The nearest answer is the one to be compared with.
    expect(score(either, ['list', { x: 1 }])).toEqual({
      tools: true,
      arguments: false,
      problems: ['list: x 1 was not asked for'],
    });
  });

  it('scores the cases that the recording answers', () => {
    const one = { ...caseOf([{ tool: 'find', arguments: { limit: 5 } }]), id: 'one' };
    const cases = { today: '2026-02-02', always_allowed: [], cases: [one, { ...one, id: 'written-since' }] };
    const answers = [{ id: 'one', calls: [{ tool: 'find', arguments: {} }], text: '' }];
    expect(totalsOf(scoreAnswers(answers, cases, rules))).toEqual({ cases: 1, tools: 1, arguments: 0 });
  });

  it('learns the defaults from the tools', () => {
    const input = z.strictObject({
      limit: z.int().default(10),
      wait: z.boolean().default(false),
      as_of: z.string().optional(),
    });
    expect(defaultsOf([{ name: 'find', input }])).toEqual({ find: { limit: 10, wait: false } });
  });
});
