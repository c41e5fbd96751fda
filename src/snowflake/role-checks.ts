/** Whether a role has what its work in Snowflake needs; what it lacks comes with the statements that grant it. */
import { z } from 'zod';
import { NAMED_PARTS } from './deployment/deployment-part.ts';
import {
  grantedText,
  type Privileges,
  privilegesForPart,
  privilegesToIngest,
  privilegesToWork,
} from './deployment/deployment-roles.ts';
import type { SnowflakeConfig } from './snowflake-config.ts';
import type { SnowflakeFinding } from './snowflake-finding.ts';
import { plainName, quoted } from './statement-text.ts';

const grantSchema = z.object({ privilege: z.string(), granted_on: z.string(), name: z.string() });

/**
 * What a role needs to retrain and to write back and, of a role that deploys, what the parts need that are made only if they are
 * named. Another role that it was given may have it, which the list does not show.
 *
 * @param rows the grants to the role
 */
export function checkRole(
  rows: readonly unknown[],
  role: string,
  config: SnowflakeConfig,
): SnowflakeFinding[] {
  const given = rows.map((row) => grantSchema.parse(row));
  const lackingOf = (needed: readonly Privileges[]) =>
    needed
      .map((one) => ({
        ...one,
        privileges: one.privileges.filter((privilege) => !isGiven(privilege, one, given)),
      }))
      .filter(({ privileges }) => privileges.length > 0);
  const toRetrain = lackingOf(privilegesToWork('retrainer', config));
  const findings = [
    toRetrain.length === 0
      ? ({ state: 'ok', text: 'the role may retrain, and write versions and probabilities back.' } as const)
      : lacksNote('to retrain and write back', toRetrain, role),
  ];
  if (lackingOf(privilegesToWork('deployer', config)).length > 0) return findings;
  const ofParts = NAMED_PARTS.flatMap((part) => {
    const lacking = lackingOf(privilegesForPart(part, config));
    return lacking.length === 0 ? [] : [lacksNote(`to deploy ${part}`, lacking, role)];
  });
  const toIngest = lackingOf(privilegesToIngest(config));
  return [
    ...findings,
    { state: 'ok', text: 'the role may deploy the default parts.' },
    ...ofParts,
    ...(toIngest.length === 0 ? [] : [lacksNote('to take rows with ingest --to-snowflake', toIngest, role)]),
  ];
}

function isGiven(
  privilege: string,
  { on, name }: Privileges,
  given: readonly z.output<typeof grantSchema>[],
): boolean {
  return given.some(
    (grant) =>
      grant.granted_on.toLowerCase() === on &&
      // There is one account, whose name nobody configures.
      (on === 'account' || grant.name === plainName(...name)) &&
      ['ownership', privilege].includes(grant.privilege.toLowerCase()),
  );
}

function lacksNote(purpose: string, lacking: readonly Privileges[], role: string): SnowflakeFinding {
  const grants = lacking.map((privileges) => `GRANT ${grantedText(privileges)} TO ROLE ${quoted(role)};`);
  const lines = [`${purpose}, the role lacks this, unless another of its roles has it:`, ...grants];
  return { state: 'note', text: lines.join('\n        ') };
}
