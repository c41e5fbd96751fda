/** Three roles with the least that each needs: one list for the script of an administrator and for the doctor. */
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { literal, quoted } from '../statement-text.ts';
import type { Part } from './deployment-part.ts';
import { accountName, deployedSchemas, type Step } from './deployment-text.ts';
import { type DeploymentPlace, step } from './model-functions.ts';

const PURPOSES = {
  deployer: 'churn-mcp: makes and renews what serves in Snowflake',
  reader: 'churn-mcp: answers over the tables of the shop',
  retrainer: 'churn-mcp: trains again, and writes versions and probabilities back',
} as const;
export type Role = keyof typeof PURPOSES;
export const ROLES: readonly Role[] = ['deployer', 'reader', 'retrainer'];

/** What a role may do with one thing. */
export interface Privileges {
  readonly privileges: readonly string[];
  readonly on: 'account' | 'database' | 'schema' | 'warehouse' | 'table' | 'stage';
  /** As it is stored; empty of the account. */
  readonly name: readonly string[];
}

const MADE_IN_MODELS = [
  'create table',
  'create view',
  'create stage',
  'create procedure',
  'create agent',
  'create mcp server',
];
/** The tables that versions and probabilities are written to. */
const WRITTEN = ['MODEL_VERSIONS', 'MODEL_METRICS', 'CHURN_PREDICTIONS'];

/** What rows that stream into the shop's tables need; their default pipes need nothing. */
export function privilegesToIngest({ tables }: SnowflakeConfig): Privileges[] {
  return Object.values(tables).flatMap((name) =>
    name === undefined ? [] : [{ privileges: ['insert'], on: 'table' as const, name }],
  );
}

/** What making a part needs besides: none of the default parts does. */
export function privilegesForPart(part: Part, config: SnowflakeConfig): Privileges[] {
  const { interactive, models } = deployedSchemas(config);
  const inModels = (...privileges: string[]): Privileges => ({ privileges, on: 'schema', name: models });
  const onAccount = (...privileges: string[]): Privileges => ({ privileges, on: 'account', name: [] });
  switch (part) {
    case 'interactive':
      return [
        { privileges: ['create interactive table'], on: 'schema', name: interactive },
        onAccount('create warehouse'),
      ];
    case 'external-mcp':
      return [inModels('create external mcp server'), onAccount('create integration')];
    case 'containers':
      return [inModels('create image repository'), onAccount('create compute pool')];
    case 'service':
      return [inModels('create service'), onAccount('bind service endpoint')];
    case 'task':
      return [inModels('create task', 'create service'), onAccount('execute task', 'execute managed task')];
    default:
      return [];
  }
}

/** What a role needs to read the shop. */
function privilegesToRead({ tables, workSchema }: SnowflakeConfig, warehouse: string): Privileges[] {
  const read = Object.values(tables).filter((name) => name !== undefined);
  const schemas = [...read.map(([database, schema]) => [database, schema]), [...workSchema]];
  const used = [
    { on: 'warehouse', name: [warehouse] } as const,
    ...schemas.map(([database]) => ({ on: 'database', name: [database] }) as const),
    ...schemas.map((name) => ({ on: 'schema', name }) as const),
  ];
  const texts = used.map(({ on, name }) => `${on} ${quoted(...name)}`);
  return [
    ...used
      .filter((_, at) => texts.indexOf(texts[at]) === at)
      .map((one) => ({ ...one, privileges: ['usage'] })),
    ...read.map((name): Privileges => ({ privileges: ['select'], on: 'table', name })),
  ];
}

/** What a role needs for its work besides. */
export function privilegesToWork(role: Role, config: SnowflakeConfig): Privileges[] {
  const { interactive, models, functions } = deployedSchemas(config);
  switch (role) {
    case 'deployer':
      return [
        { privileges: ['usage', 'create dynamic table'], on: 'schema', name: interactive },
        { privileges: ['usage', ...MADE_IN_MODELS], on: 'schema', name: models },
        { privileges: ['usage', 'create function'], on: 'schema', name: functions },
      ];
    case 'reader':
      return [];
    case 'retrainer':
      return [
        // A model is only made by models push --model-registry.
        { privileges: ['usage', 'create model'], on: 'schema', name: models },
        { privileges: ['read', 'write'], on: 'stage', name: [...models, 'MODEL_FILES'] },
        ...WRITTEN.map(
          (table): Privileges => ({
            privileges: ['select', 'insert', 'update'],
            on: 'table',
            name: [...models, table],
          }),
        ),
      ];
  }
}

/** `select, insert on table "A"."B"."C"` */
export function grantedText({ privileges, on, name }: Privileges): string {
  return `${privileges.join(', ')} on ${[on, ...(name.length === 0 ? [] : [quoted(...name)])].join(' ')}`;
}

/** The script for an administrator: roles, what each needs, and the change tracking of the shop's tables. */
export function roleSteps(warehouse: string, allow: readonly Part[], place: DeploymentPlace): Step[] {
  const { config, schemas } = place;
  const needs = (role: Role) => [
    ...privilegesToRead(config, warehouse),
    ...privilegesToWork(role, config),
    ...(role === 'deployer' ? allow.flatMap((part) => privilegesForPart(part, config)) : []),
  ];
  const named = (role: Role) => accountName(schemas, role);
  return [
    ...ROLES.map((role) =>
      step('800_role', role, place, { role: named(role), purpose: literal(PURPOSES[role]) }),
    ),
    ...ROLES.flatMap((role) =>
      needs(role).map((privileges) =>
        step(
          '810_role_privilege',
          `${role}, ${[privileges.on, ...privileges.name.slice(-1)].join(' ')}`,
          place,
          {
            privileges: grantedText(privileges),
            role: named(role),
          },
        ),
      ),
    ),
    ...Object.values(config.tables)
      .filter((table) => table !== undefined)
      .map((table) => step('820_change_tracking', table[2], place, { table: quoted(...table) })),
  ];
}
