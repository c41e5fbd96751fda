import { describe, expect, it } from 'vitest';
import { judge, REVISIONS, readBaseline, type ScenarioResult } from './suite.ts';

const result = (scenario: string, isPassed: boolean): ScenarioResult => ({
  scenario,
  isPassed,
  checks: 1,
  problems: isPassed ? [] : [{ check: 'check', message: 'it went wrong' }],
});

describe('the judgement of the official suite', () => {
  it('expects scenarios that are left out to fail, and all others to pass', () => {
    const results = [result('ping', true), result('sampling', false)];
    expect(judge(results, { sampling: 'Not offered.' })).toEqual({
      lines: ['  passes     ping (1 checks)', '  left out   sampling: Not offered.'],
      wrong: [],
    });
  });

  it('reports a scenario that fails unexpectedly, and one that passes although it is listed as left out', () => {
    const results = [result('ping', false), result('sampling', true)];
    expect(judge(results, { sampling: 'Not offered.' })).toEqual({
      lines: ['  FAILS      ping: check: it went wrong', '  passes     sampling (1 checks)'],
      wrong: ['ping fails', 'sampling passes, and stands in the baseline as left out'],
    });
  });

  it('lets a scenario pass whose only failed checks are left out, and reports a check that does not fail', () => {
    const results = [result('ping', false)];
    expect(judge(results, { 'ping/check': 'Not offered.', 'ping/other': 'Not offered.' })).toEqual({
      lines: ['  passes     ping (1 checks)', '  left out   check: Not offered.'],
      wrong: ['ping/other stands in the baseline, and nothing of it fails'],
    });
  });

  it('gives a reason for each scenario that is left out', () => {
    for (const revision of REVISIONS) {
      for (const reason of Object.values(readBaseline()[revision].left_out)) {
        expect(reason.length).toBeGreaterThan(15);
      }
    }
  });
});
