/** Compares the calls that a model made with those that a case expects. Exact: no judge, no partial credit. */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Tool } from '../src/mcp/tool.ts';
import { answersOf, type EvalCase, type ExpectedCall } from './cases.ts';

export interface ToolCall {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface CaseScore {
  readonly id: string;
  /** The tools called are the tools expected, no more and no fewer. */
  readonly tools: boolean;
  /** And each was given the right arguments. */
  readonly arguments: boolean;
  /** What is wrong, for people. */
  readonly problems: readonly string[];
}

export interface ScoringRules {
  readonly alwaysAllowed: readonly string[];
  /** The default of each argument by tool: giving it says the same as leaving it out. */
  readonly defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The best score over all answers that count as right. */
export function scoreCase(evalCase: EvalCase, calls: readonly ToolCall[], rules: ScoringRules): CaseScore {
  const scores = answersOf(evalCase).map((expected) => scoreAnswer(expected, calls, rules));
  const best = scores.find((score) => score.arguments) ?? scores.find((score) => score.tools) ?? scores[0];
  return { id: evalCase.id, ...best };
}

function scoreAnswer(expected: readonly ExpectedCall[], calls: readonly ToolCall[], rules: ScoringRules) {
  const names = (list: readonly { tool: string }[]) => list.map(({ tool }) => tool).sort();
  if (!isDeepStrictEqual(names(expected), names(calls))) {
    const listed = (list: readonly { tool: string }[]) => names(list).join(', ') || 'no tool';
    return {
      tools: false,
      arguments: false,
      problems: [`called ${listed(calls)} instead of ${listed(expected)}`],
    };
  }
  const problems = pairUp(expected, calls, rules).flatMap(([wanted, given]) =>
    given === undefined ? [] : problemsOf(wanted, given, rules),
  );
  return { tools: true, arguments: problems.length === 0, problems };
}

/** Each expected call with the one made for it: one that fits where there is one, else any of that tool. */
function pairUp(
  expected: readonly ExpectedCall[],
  calls: readonly ToolCall[],
  rules: ScoringRules,
): [ExpectedCall, ToolCall | undefined][] {
  const free = new Set(calls);
  const take = (call: ToolCall | undefined) => {
    if (call !== undefined) free.delete(call);
    return call;
  };
  const fitting = expected.map((wanted): [ExpectedCall, ToolCall | undefined] => [
    wanted,
    take([...free].find((call) => call.tool === wanted.tool && problemsOf(wanted, call, rules).length === 0)),
  ]);
  return fitting.map(([wanted, given]) => [
    wanted,
    given ?? take([...free].find(({ tool }) => tool === wanted.tool)),
  ]);
}

function problemsOf(wanted: ExpectedCall, given: ToolCall, rules: ScoringRules): string[] {
  const defaults = rules.defaults[wanted.tool] ?? {};
  const show = (value: unknown) => JSON.stringify(value) ?? 'nothing';
  const wrong = Object.entries(wanted.arguments)
    .filter(([name, value]) => !matches(value, given.arguments[name] ?? defaults[name]))
    .map(
      ([name, value]) =>
        `${wanted.tool}: ${name} is ${show(given.arguments[name])} instead of ${show(value)}`,
    );
  const harmless = [...rules.alwaysAllowed, ...(wanted.allowed ?? []), ...Object.keys(wanted.arguments)];
  const extra = Object.entries(given.arguments)
    .filter(([name, value]) => !harmless.includes(name) && !matches(defaults[name], value))
    .map(([name, value]) => `${wanted.tool}: ${name} ${show(value)} was not asked for`);
  return [...wrong, ...extra];
}

const alternativesSchema = z.strictObject({ any_of: z.array(z.unknown()) });
const objectSchema = z.record(z.string(), z.unknown());

/** Whether a value is as wanted. Of an object the fields named have to be; text may differ in case and separators. */
function matches(wanted: unknown, given: unknown): boolean {
  const alternatives = alternativesSchema.safeParse(wanted);
  if (alternatives.success) return alternatives.data.any_of.some((value) => matches(value, given));
  if (typeof wanted === 'string' && typeof given === 'string')
    return normalised(wanted) === normalised(given);
  const fields = objectSchema.safeParse(wanted);
  const others = objectSchema.safeParse(given);
  if (fields.success && others.success) {
    return Object.entries(fields.data).every(([name, value]) => matches(value, others.data[name]));
  }
  return isDeepStrictEqual(wanted, given);
}

/** As the tools take segments: in any case, with spaces, dashes or underscores. */
function normalised(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '_');
}

/** What each argument is if it is left out, as the tools themselves read it. */
export function defaultsOf(tools: readonly Pick<Tool, 'name' | 'input'>[]): ScoringRules['defaults'] {
  return Object.fromEntries(
    tools.map(({ name, input }) => {
      const read = Object.entries(input.shape).map(([argument, schema]) => {
        return [argument, z.safeParse(schema, undefined).data] as const;
      });
      return [name, Object.fromEntries(read.filter(([, value]) => value !== undefined))];
    }),
  );
}

export interface Totals {
  readonly cases: number;
  readonly tools: number;
  readonly arguments: number;
}

export function totalsOf(scores: readonly CaseScore[]): Totals {
  return {
    cases: scores.length,
    tools: scores.filter(({ tools }) => tools).length,
    arguments: scores.filter((score) => score.arguments).length,
  };
}
