/** The grants that another role needs to use what a deployment makes: reading and calling, never writing. */
import { plainName, quoted } from '../statement-text.ts';
import type { Step } from './deployment-text.ts';
import { type DeploymentPlace, step } from './model-functions.ts';
import { type Kind, type NamedObject, namedObject } from './named-object.ts';

/** Undefined for what only its owner uses, and for services, of which roles of their own are granted. */
const PRIVILEGES: Readonly<Record<Kind, 'usage' | 'select' | 'select, monitor' | 'read' | undefined>> = {
  schema: 'usage',
  table: 'select',
  view: 'select',
  // How old it is shows only to those who may monitor it.
  'dynamic table': 'select, monitor',
  'interactive table': 'select',
  stage: 'read',
  function: 'usage',
  procedure: 'usage',
  agent: 'usage',
  'mcp server': 'usage',
  'external mcp server': 'usage',
  warehouse: 'usage',
  integration: 'usage',
  service: undefined,
  'image repository': undefined,
  'compute pool': undefined,
  model: undefined,
  task: undefined,
  role: undefined,
};

/** @param role as it is stored: it is quoted here */
export function grantSteps(steps: readonly Step[], role: string, place: DeploymentPlace): Step[] {
  const to = { role: quoted(role) };
  const [database] = place.schemas.models;
  const useDatabase = step('700_use_database', '', place, { ...to, database: quoted(database) });
  const grants = steps.flatMap(({ text, part }) => {
    const object = namedObject(text);
    if (object?.kind === 'service') {
      const service = { ...to, service: plainName(...object.name) };
      return [{ ...step('720_use_service', object.name.at(-1) ?? '', place, service), part }];
    }
    const privilege = object?.verb === 'create' ? PRIVILEGES[object.kind] : undefined;
    if (object === undefined || privilege === undefined) return [];
    const blanks = { ...to, privilege, kind: grantedKind(object.kind), object: signature(object) };
    return [{ ...step('710_use_object', object.name.at(-1) ?? '', place, blanks), part }];
  });
  return [{ ...useDatabase, part: 'schemas' }, ...grants];
}

/** An interactive table is granted as a table. */
function grantedKind(kind: Kind): string {
  return kind === 'interactive table' ? 'table' : kind;
}

function signature({ name, argumentTypes }: NamedObject): string {
  return argumentTypes === undefined ? quoted(...name) : `${quoted(...name)}(${argumentTypes.join(', ')})`;
}
