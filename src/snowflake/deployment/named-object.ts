/** What a statement of a deployment makes, fills or drops, read off its text. */

const KINDS = [
  'table',
  'view',
  'dynamic table',
  'interactive table',
  'function',
  'procedure',
  'stage',
  'agent',
  'task',
  'mcp server',
  'external mcp server',
  'warehouse',
  'integration',
  'schema',
  'role',
] as const;
export type Kind = (typeof KINDS)[number];

export interface NamedObject {
  readonly verb: 'create' | 'drop' | 'put';
  readonly kind: Kind;
  /** As it is stored, with its database and schema if it is in one. */
  readonly name: readonly string[];
  /** Of a function or a procedure, as they are declared. */
  readonly argumentTypes: readonly string[] | undefined;
  /** Whether the statement leaves what is there as it is. */
  readonly keeps: boolean;
}

const QUOTED_NAME = '"(?:[^"]|"")*"(?:\\."(?:[^"]|"")*")*';
const MADE = new RegExp(
  `^(create|drop)\\s+(?:or\\s+replace\\s+)?([a-z ]+?)\\s+(if\\s+(?:not\\s+)?exists\\s+)?(${QUOTED_NAME})(?:\\s*\\(([^)]*)\\))?`,
);
const FILLED = new RegExp(`^put\\s+'(?:[^']|'')*'\\s+@(${QUOTED_NAME})/`);

/** Undefined if the statement does none of these. */
export function namedObject(text: string): NamedObject | undefined {
  const statement = text.replace(/^(?:--[^\n]*\n)+/, '');
  const [, stage] = FILLED.exec(statement) ?? [];
  if (stage !== undefined) {
    return { verb: 'put', kind: 'stage', name: partsOf(stage), argumentTypes: undefined, keeps: true };
  }
  const [, verb, words, condition, name, parameters] = MADE.exec(statement) ?? [];
  const kind = KINDS.find((known) => known === words?.replace(/^api |^interactive (?=warehouse)/, ''));
  if (kind === undefined || name === undefined) return undefined;
  return {
    verb: verb === 'drop' ? 'drop' : 'create',
    kind,
    name: partsOf(name),
    argumentTypes: ['function', 'procedure'].includes(kind) ? typesOf(parameters ?? '') : undefined,
    keeps: condition !== undefined,
  };
}

function partsOf(name: string): string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"/g)].map(([, part]) => part.replaceAll('""', '"'));
}

/** Of `f0 float` and of `float` alike. */
function typesOf(parameters: string): string[] {
  if (parameters.trim() === '') return [];
  return parameters.split(',').map((parameter) => {
    const [first, second] = parameter.trim().split(/\s+/);
    return second ?? first;
  });
}
