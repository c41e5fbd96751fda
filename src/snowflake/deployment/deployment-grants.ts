/** The grants that another role needs to use each part of a deployment: reading and calling, never writing. */
import { quoted } from '../statement-text.ts';
import type { Part } from './deployment-part.ts';
import type { Step } from './deployment-text.ts';
import { type DeploymentPlace, type DeploySql, step } from './model-functions.ts';

/** @param role as it is stored: it is quoted here */
export function grantSteps(parts: readonly Part[], role: string, place: DeploymentPlace): Step[] {
  const { schemas } = place;
  const grant = (file: DeploySql, about = '', blanks = {}) =>
    step(file, about, place, { role: quoted(role), ...blanks });
  const inSchema = (file: DeploySql, schema: readonly [string, string]) =>
    grant(file, schema[1], { schema: quoted(...schema) });
  const grants: Readonly<Record<Part, () => Step[]>> = {
    schemas: () => [
      grant('710_use_database', '', { database: quoted(schemas.models[0]) }),
      inSchema('711_use_schema', schemas.interactive),
      inSchema('711_use_schema', schemas.models),
      inSchema('711_use_schema', schemas.functions),
    ],
    serving: () => [inSchema('712_read_serving_tables', schemas.interactive)],
    interactive: () => [grant('713_read_order_analytics'), grant('714_use_interactive_warehouse')],
    models: () => [inSchema('715_read_tables', schemas.models), grant('716_read_model_files')],
    campaigns: () => [
      inSchema('715_read_tables', schemas.models),
      inSchema('717_read_views', schemas.models),
    ],
    inference: () => [
      inSchema('717_read_views', schemas.models),
      inSchema('718_use_functions', schemas.functions),
    ],
    onnx: () => [inSchema('718_use_functions', schemas.functions)],
    procedure: () => [grant('719_use_procedure')],
    agent: () => [grant('720_use_agent')],
    mcp: () => [grant('721_use_mcp_server')],
    'external-mcp': () => [grant('722_use_external_mcp_integration'), grant('723_use_external_mcp_server')],
    task: () => [],
  };
  return parts.flatMap((part) => grants[part]().map((made) => ({ ...made, part })));
}
