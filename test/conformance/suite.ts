/** The official suite against a server, compared with what we leave out by decision. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { run, suiteNode, suiteScript } from './workshop.ts';

const baselineSchema = z.strictObject({
  /** Scenarios of features that the server does not have, each with the reason. */
  left_out: z.record(z.string(), z.string()),
  /** Scenarios that ask for nothing but a server. */
  without_fixtures: z.array(z.string()),
});
export type Baseline = z.output<typeof baselineSchema>;

export function readBaseline(): Baseline {
  const file = join(packageRoot(), 'test', 'conformance', 'baseline.json');
  return baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const checksSchema = z.array(
  z.looseObject({ name: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

export interface ScenarioResult {
  readonly scenario: string;
  /** Warnings count as failures: what we do not do stands in the baseline. */
  readonly isPassed: boolean;
  readonly checks: number;
  readonly problems: readonly string[];
}

/** Every scenario, or those named. */
export async function runSuite(url: string, scenarios?: readonly string[]): Promise<ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-conformance-'));
  const suite = (...args: string[]) =>
    run(suiteNode(), [suiteScript(), 'server', '--url', url, ...args, '-o', folder]);
  try {
    if (scenarios === undefined) await suite('--suite', 'all');
    else for (const scenario of scenarios) await suite('--scenario', scenario);
    return resultsIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The suite keeps the checks of each scenario in a folder named after it and the time. */
function resultsIn(folder: string): ScenarioResult[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const file = join(folder, name, 'checks.json');
      const checks = checksSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      const wrong = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
      const right = checks.filter(({ status }) => status === 'SUCCESS');
      return {
        scenario: name.replace(/^server-/, '').replace(/-\d{4}-\d{2}-\d{2}T.*$/, ''),
        isPassed: wrong.length === 0 && right.length > 0,
        checks: right.length,
        problems: wrong.map((check) => `${check.name}: ${check.errorMessage ?? check.status}`),
      };
    });
}

/** Lines for people, and what is not as it should be. */
export function judge(results: readonly ScenarioResult[], leftOut: Baseline['left_out']) {
  const lines = results.map(({ scenario, isPassed, checks, problems }) => {
    if (isPassed) return `  passes     ${scenario} (${checks} checks)`;
    return scenario in leftOut
      ? `  left out   ${scenario}: ${leftOut[scenario]}`
      : `  FAILS      ${scenario}: ${problems.join('; ')}`;
  });
  const wrong = [
    ...results
      .filter(({ isPassed, scenario }) => !isPassed && !(scenario in leftOut))
      .map(({ scenario }) => `${scenario} fails`),
    ...results
      .filter(({ isPassed, scenario }) => isPassed && scenario in leftOut)
      .map(({ scenario }) => `${scenario} passes, and stands in the baseline as left out`),
  ];
  return { lines, wrong };
}
