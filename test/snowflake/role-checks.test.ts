import { describe, expect, it } from 'vitest';
import { NAMED_PARTS, PARTS } from '../../src/snowflake/deployment/deployment-part.ts';
import {
  type Privileges,
  privilegesForPart,
  privilegesToIngest,
  privilegesToWork,
} from '../../src/snowflake/deployment/deployment-roles.ts';
import { checkRole } from '../../src/snowflake/role-checks.ts';
import { snowflakeConfig } from '../helpers/snowflake/snowflake-shop.ts';

const config = snowflakeConfig({ url: 'http://127.0.0.1' });

/** As `show grants to role` lists them. */
function rowsOf(granted: readonly Privileges[]) {
  return granted.flatMap(({ privileges, on, name }) =>
    privileges.map((privilege) => ({
      privilege: privilege.toUpperCase(),
      granted_on: on.toUpperCase(),
      name: on === 'account' ? 'MYACCOUNT' : name.join('.'),
    })),
  );
}

const DEPLOYER = privilegesToWork('deployer', config);
const RETRAINER = privilegesToWork('retrainer', config);
const textsOf = (granted: readonly Privileges[]) =>
  checkRole(rowsOf(granted), 'R', config).map(({ state, text }) => `${state} ${text}`);

describe('doctor on a role', () => {
  it('says that a retrainer has all it needs, and nothing of deploying', () => {
    expect(textsOf(RETRAINER)).toEqual([
      'ok the role may retrain, and write versions and probabilities back.',
    ]);
  });

  it('names what a deployer lacks for each part that is made only if it is named, and to stream rows in', () => {
    expect(textsOf([...RETRAINER, ...DEPLOYER])).toMatchInlineSnapshot(`
      [
        "ok the role may retrain, and write versions and probabilities back.",
        "ok the role may deploy the default parts.",
        "note to deploy interactive, the role lacks this, unless another of its roles has it:
              GRANT create interactive table on schema "AUTOMATED_INTELLIGENCE"."INTERACTIVE" TO ROLE "R";
              GRANT create warehouse on account TO ROLE "R";",
        "note to deploy external-mcp, the role lacks this, unless another of its roles has it:
              GRANT create external mcp server on schema "AUTOMATED_INTELLIGENCE"."MODELS" TO ROLE "R";
              GRANT create integration on account TO ROLE "R";",
        "note to deploy containers, the role lacks this, unless another of its roles has it:
              GRANT create image repository on schema "AUTOMATED_INTELLIGENCE"."MODELS" TO ROLE "R";
              GRANT create compute pool on account TO ROLE "R";",
        "note to deploy service, the role lacks this, unless another of its roles has it:
              GRANT create service on schema "AUTOMATED_INTELLIGENCE"."MODELS" TO ROLE "R";
              GRANT bind service endpoint on account TO ROLE "R";",
        "note to deploy task, the role lacks this, unless another of its roles has it:
              GRANT create task, create service on schema "AUTOMATED_INTELLIGENCE"."MODELS" TO ROLE "R";
              GRANT execute task, execute managed task on account TO ROLE "R";",
        "note to take rows with ingest --to-snowflake, the role lacks this, unless another of its roles has it:
              GRANT insert on table "AUTOMATED_INTELLIGENCE"."RAW"."CUSTOMERS" TO ROLE "R";
              GRANT insert on table "AUTOMATED_INTELLIGENCE"."RAW"."ORDERS" TO ROLE "R";
              GRANT insert on table "AUTOMATED_INTELLIGENCE"."RAW"."ORDER_ITEMS" TO ROLE "R";
              GRANT insert on table "AUTOMATED_INTELLIGENCE"."RAW"."PRODUCT_CATALOG" TO ROLE "R";",
      ]
    `);
  });

  it('is content with what roles.sql grants for a part', () => {
    const ofParts = PARTS.flatMap((part) => privilegesForPart(part, config));
    const texts = textsOf([...RETRAINER, ...DEPLOYER, ...ofParts, ...privilegesToIngest(config)]);
    expect(texts.filter((text) => text.startsWith('note'))).toEqual([]);
  });

  it('takes the owner of a schema for one who may make everything in it', () => {
    const owned = DEPLOYER.map((one) => ({ ...one, privileges: ['ownership'] }));
    expect(textsOf([...RETRAINER, ...owned]).filter((text) => text.includes(' on schema '))).toEqual([]);
  });
});

describe('parts that are made only if they are named', () => {
  it('need privileges of their own, except functions and roles', () => {
    const without = NAMED_PARTS.filter((part) => privilegesForPart(part, config).length === 0);
    expect(without).toEqual(['onnx', 'roles']);
  });
});
