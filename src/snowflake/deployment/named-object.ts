/** What a statement makes, fills or drops, read off its text. */
import { plainText } from '../../text/plain-text.ts';
import { quoted } from '../statement-text.ts';

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
  'model',
  'service',
  'image repository',
  'compute pool',
] as const;
export type Kind = (typeof KINDS)[number];

export interface NamedObject {
  /** Files that are put on a stage fill it, as rows fill a table. */
  readonly verb: 'create' | 'drop' | 'fill';
  readonly kind: Kind;
  /** As it is stored, with its database and schema if it is in one. */
  readonly name: readonly string[];
  /** Of a function or a procedure, as they are declared. */
  readonly argumentTypes: readonly string[] | undefined;
  /** Whether the statement leaves what is there as it is. */
  readonly keeps: boolean;
}

const QUOTED_NAME = '"(?:[^"]|"")*"(?:\\."(?:[^"]|"")*")*';
/** Of kinds whose names may not have quotes. */
const PLAIN_NAME = '[A-Z_][A-Z0-9_$]*(?:\\.[A-Z_][A-Z0-9_$]*)*';
const MADE = new RegExp(
  `^(create|drop)\\s+(?:or\\s+replace\\s+)?([a-z ]+?)\\s+(if\\s+(?:not\\s+)?exists\\s+)?(${QUOTED_NAME}|${PLAIN_NAME})(?:\\s*\\(([^)]*)\\))?`,
);
const UPLOADED = new RegExp(`^put\\s+'(?:[^']|'')*'\\s+@(${QUOTED_NAME})/`);
/** Tables of the session have no quotes: they are nobody else's. */
const WRITTEN = new RegExp(`^(?:merge\\s+into|insert\\s+into|update|delete\\s+from)\\s+(${QUOTED_NAME})`);

/** Undefined if the statement does none of these. */
export function namedObject(text: string): NamedObject | undefined {
  const statement = text.replace(/^(?:--[^\n]*\n)+/, '');
  const [, stage] = UPLOADED.exec(statement) ?? [];
  if (stage !== undefined) return filled('stage', stage);
  const [, table] = WRITTEN.exec(statement) ?? [];
  if (table !== undefined) return filled('table', table);
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

/** An object as a person reads it. */
export function described({ kind, name }: NamedObject): string {
  return `${kind} ${plainText(quoted(...name), 300)}`;
}

function filled(kind: Kind, name: string): NamedObject {
  return { verb: 'fill', kind, name: partsOf(name), argumentTypes: undefined, keeps: true };
}

function partsOf(name: string): string[] {
  return [...name.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map(
    ([, part, plain]) => plain ?? part.replaceAll('""', '"'),
  );
}

/** Of `f0 float` and of `float` alike. */
function typesOf(parameters: string): string[] {
  if (parameters.trim() === '') return [];
  return parameters.split(',').map((parameter) => {
    const [first, second] = parameter.trim().split(/\s+/);
    return second ?? first;
  });
}
