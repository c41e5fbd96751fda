/** What is wrong with a value that a schema refused, in plain words. */
import type { z } from 'zod';
import { plural } from './format.ts';
import { quoted } from './quoted.ts';

/**
 * Follows the name of the value: "is missing: give a number". For `schema.safeParse(value, { error: wrongValue })`; messages of
 * a schema's own follow the name in the same way.
 */
export function wrongValue(issue: z.core.$ZodRawIssue): string {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type':
      return `${isWhat(input)}: give ${NOUNS[issue.expected] ?? 'another value'}`;
    case 'invalid_value':
      return `${isWhat(input)}: give ${listed(issue.values.map(shown))}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return issue.format === 'date'
        ? `${isWhat(input)}: write a day of the calendar as YYYY-MM-DD`
        : `is not written as ${FORMATS[issue.format] ?? 'it should be'}`;
    case 'unrecognized_keys':
      return `has ${issue.keys.length === 1 ? 'an unknown name' : 'unknown names'}: ${issue.keys.slice(0, MOST_NAMES).map(shown).join(', ')}`;
    default:
      return input === undefined ? 'is missing' : 'cannot be used as it is';
  }
}

const MOST_NAMES = 3;

const NOUNS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with named values',
  record: 'an object with named values',
};

const FORMATS: Readonly<Record<string, string>> = {
  url: 'an address such as https://example.com',
  datetime: 'a time such as 2026-03-31T12:00:00Z',
};

/** What the parts of a value of a kind are called, one and many; values of other kinds are numbers. */
const PARTS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

type Bound<Code extends 'too_small' | 'too_big'> = Extract<z.core.$ZodRawIssue, { readonly code: Code }>;

function tooSmall({ origin, minimum, inclusive, input }: Bound<'too_small'>): string {
  const parts = PARTS[origin];
  if (parts === undefined) {
    return `${isWhat(input)}: give ${inclusive ? `${minimum} or more` : `more than ${minimum}`}`;
  }
  return Number(minimum) === 1
    ? 'is empty'
    : `is too short: give at least ${plural(Number(minimum), ...parts)}`;
}

function tooBig({ origin, maximum, inclusive, input }: Bound<'too_big'>): string {
  const parts = PARTS[origin];
  if (parts === undefined) {
    return `${isWhat(input)}: give ${inclusive ? `${maximum} or less` : `less than ${maximum}`}`;
  }
  return `is too long: give at most ${plural(Number(maximum), ...parts)}`;
}

function isWhat(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (Number.isNaN(input)) return 'is not a number';
  return `is ${shown(input)}`;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function listed(values: readonly string[]): string {
  const last = values.at(-1) ?? 'another value';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
