/** What a careless or hostile client may send: values of every wrong kind, and arguments that are nearly right. */
import fc from 'fast-check';
import { z } from 'zod';

/** The parts of a JSON schema that the tools use. */
const schemaSchema = z.looseObject({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** Names that a JavaScript object has already. */
const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', ''];

const numbers = fc.oneof(
  fc.constantFrom(0, -0, -1, 1e308, -1e308, 5e-324, 2 ** 31, 2 ** 53, -(2 ** 53) - 2, 0.1, 1.5),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    'NaN',
    '-1',
    '1e999',
    '../../../../etc/passwd',
    'C:\\Windows\\system32',
    "'; drop table customers; --",
    '" or ""="',
    '{{7*7}}<%= 7 %>',
    '<script>alert(1)</script>',
    '\u0000\u0001\u001b[31m',
    '\u202e\u200b\ufeff',
    '\ud800',
    '💥'.repeat(50),
    'é'.normalize('NFD').repeat(100),
    'v_20260101_000000/../x',
    '2026-02-30',
    '0000-00-00',
    '9999-12-31',
    '-271821-04-20',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ minLength: 1, maxLength: 5 }).map((part) => part.repeat(20_000)),
);

const days = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

const nested = fc
  .tuple(fc.integer({ min: 50, max: 2000 }), fc.boolean())
  .map(([depth, isArray]) =>
    JSON.parse(
      isArray ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    ),
  );

/** Any value that JSON can hold. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: texts },
  { weight: 3, arbitrary: numbers },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: fc.array(numbers, { maxLength: 200 }) },
);

export interface Hints {
  /** Values that lead somewhere, by the argument's name. */
  readonly [argument: string]: readonly unknown[];
}

/** Values that a schema asks for, or nearly so: just past a bound counts. */
function valueFor(schema: unknown, name: string, hints: Hints): fc.Arbitrary<unknown> {
  const known = hints[name] ? [fc.constantFrom(...hints[name])] : [];
  const parsed = schemaSchema.parse(schema);
  const { type, anyOf, properties, minimum = -10, maximum = 1000 } = parsed;
  const choices = parsed.enum ?? (parsed.const === undefined ? undefined : [parsed.const]);
  if (choices) return fc.constantFrom(...choices);
  if (anyOf) return fc.oneof(...known, ...anyOf.map((option) => valueFor(option, name, hints)));
  switch (type) {
    case 'object':
      return argumentsOf({ properties }, hints);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(
        ...known,
        fc.constantFrom(minimum - 1, minimum, maximum, maximum + 1),
        fc.integer({ min: Math.ceil(Math.max(minimum, -1e9)), max: Math.floor(Math.min(maximum, 1e9)) }),
      );
    case 'number':
      return fc.oneof(
        ...known,
        fc.constantFrom(minimum, maximum),
        fc.double({ min: minimum, max: maximum, noNaN: true }),
      );
    case 'string':
      return fc.oneof(...known, days, texts);
    default:
      return junk;
  }
}

/** Arguments by a tool's schema: some left out, most of the right kind, some junk, and now and then one that is not known. */
export function argumentsOf(schema: unknown, hints: Hints): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [] } = schemaSchema.parse(schema);
  const fields = Object.entries(properties).map(([name, property]) => {
    const isRequired = required.includes(name);
    const value = fc.oneof(
      { weight: 8, arbitrary: valueFor(property, name, hints) },
      { weight: 1, arbitrary: junk },
    );
    return fc
      .option(value, { nil: undefined, freq: isRequired ? 12 : 2 })
      .map((given): [string, unknown][] => (given === undefined ? [] : [[name, given]]));
  });
  const unknown = fc.oneof(
    { weight: 9, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.oneof(fc.constantFrom(...PROTOTYPE_KEYS), texts), junk)
        .map((field): [string, unknown][] => [field]),
    },
  );
  // By way of text, as a transport does it: only so can "__proto__" be a field like others.
  return fc
    .tuple(unknown, ...fields)
    .map((given): Record<string, unknown> => JSON.parse(jsonOf(given.flat())));
}

function jsonOf(fields: readonly [string, unknown][]): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;
}
