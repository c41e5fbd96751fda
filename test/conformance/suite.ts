/** The official suite against a server, compared with what we leave out by decision. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../src/package-root.ts';
import { run, suiteNode, suiteScript } from './workshop.ts';

/** The revisions whose requirements are run, one of each era. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

const revisionSchema = z.strictObject({
  /** Scenarios, or checks of one as `scenario/check`, of features that the server does not have, each with the reason. */
  left_out: z.record(z.string(), z.string()),
  /** Scenarios that ask for nothing but a server. */
  without_fixtures: z.array(z.string()),
});
const baselineSchema = z.strictObject({ '2025-11-25': revisionSchema, '2026-07-28': revisionSchema });
export type Baseline = z.output<typeof baselineSchema>;
export type LeftOut = Baseline[Revision]['left_out'];

export function readBaseline(): Baseline {
  const file = join(packageRoot(), 'test', 'conformance', 'baseline.json');
  return baselineSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

const checksSchema = z.array(
  z.looseObject({ id: z.string(), status: z.string(), errorMessage: z.string().optional() }),
);

export interface ScenarioResult {
  readonly scenario: string;
  /** Warnings count as failures: what we do not do stands in the baseline. */
  readonly isPassed: boolean;
  readonly checks: number;
  readonly problems: readonly { readonly check: string; readonly message: string }[];
}

/** Every scenario that a revision requires, or those named. */
export async function runSuite(
  url: string,
  revision: Revision,
  scenarios?: readonly string[],
): Promise<ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'churn-mcp-conformance-'));
  const suite = (...args: string[]) =>
    run(suiteNode(), [suiteScript(), 'server', '--url', url, ...args, '-o', folder]);
  try {
    if (scenarios === undefined) await suite('--requirements', revision);
    else {
      for (const scenario of scenarios) await suite('--scenario', scenario, '--spec-version', revision);
    }
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
        problems: wrong.map(({ id, errorMessage, status }) => ({
          check: id,
          message: errorMessage ?? status,
        })),
      };
    });
}

/** Lines for people, and what is not as it should be. */
export function judge(results: readonly ScenarioResult[], leftOut: LeftOut) {
  const lines: string[] = [];
  const wrong: string[] = [];
  for (const result of results) {
    const { scenario, isPassed, checks } = result;
    const problems = result.problems.filter(({ check }) => !(`${scenario}/${check}` in leftOut));
    const declared = result.problems.filter((problem) => !problems.includes(problem));
    const isLeftOut = scenario in leftOut;
    if (isPassed || (problems.length === 0 && declared.length > 0)) {
      lines.push(`  passes     ${scenario} (${checks} checks)`);
      lines.push(...declared.map(({ check }) => `  left out   ${check}: ${leftOut[`${scenario}/${check}`]}`));
      if (isLeftOut) wrong.push(`${scenario} passes, and stands in the baseline as left out`);
    } else if (isLeftOut) lines.push(`  left out   ${scenario}: ${leftOut[scenario]}`);
    else {
      lines.push(
        `  FAILS      ${scenario}: ${problems.map(({ check, message }) => `${check}: ${message}`).join('; ')}`,
      );
      wrong.push(`${scenario} fails`);
    }
  }
  const met = new Set(
    results.flatMap(({ scenario, problems }) => [
      scenario,
      ...problems.map(({ check }) => `${scenario}/${check}`),
    ]),
  );
  const unmet = Object.keys(leftOut).filter((name) => !met.has(name));
  wrong.push(...unmet.map((name) => `${name} stands in the baseline, and nothing of it fails`));
  return { lines, wrong };
}
