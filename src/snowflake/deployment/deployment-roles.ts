/** Three roles with the least that each needs: one list for the script of an administrator and for the doctor. */
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { literal, quoted } from '../statement-text.ts';
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
  readonly on: 'database' | 'schema' | 'warehouse' | 'table' | 'stage';
  /** As it is stored. */
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
        { privileges: ['usage'], on: 'schema', name: models },
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
  return `${privileges.join(', ')} on ${on} ${quoted(...name)}`;
}

/** The script for an administrator: roles, what each needs, and the change tracking of the shop's tables. */
export function roleSteps(warehouse: string, place: DeploymentPlace): Step[] {
  const { config, schemas } = place;
  const named = (role: Role) => accountName(schemas, role);
  return [
    ...ROLES.map((role) =>
      step('800_role', role, place, { role: named(role), purpose: literal(PURPOSES[role]) }),
    ),
    ...ROLES.flatMap((role) =>
      [...privilegesToRead(config, warehouse), ...privilegesToWork(role, config)].map((privileges) =>
        step('810_role_privilege', `${role}, ${privileges.on} ${privileges.name.at(-1)}`, place, {
          privileges: grantedText(privileges),
          role: named(role),
        }),
      ),
    ),
    ...Object.values(config.tables)
      .filter((table) => table !== undefined)
      .map((table) => step('820_change_tracking', table[2], place, { table: quoted(...table) })),
  ];
}
