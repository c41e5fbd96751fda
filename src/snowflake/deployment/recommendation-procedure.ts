/** The stored procedure's one statement: the recommendations of a segment as text, from the same SQL as everywhere. */

import { segmentLabels } from '../../customers/segments.ts';
import { servingTablesReadBy, withRelations } from '../../data/compose-statement.ts';
import { loadSql, type StatementText, textOf } from '../../data/load-sql.ts';
import { type ServingTable, servingValues } from '../../data/serving-tables.ts';
import {
  customersOfSegment,
  DEFAULT_CANDIDATES,
  recommendationFeatures,
} from '../../features/recommendation-features.ts';
import { sha256Of } from '../../files/checksum.ts';
import { MAX_CUSTOMERS, MAX_PRODUCTS } from '../../recommend/product-recommendations.ts';
import type { RegisteredVersion } from '../../registry/model-registry.ts';
import type { SnowflakeConfig } from '../snowflake-config.ts';
import { literal } from '../statement-text.ts';
import { deployedSchemas, deployedText, objectName } from './deployment-text.ts';
import { type DeploymentPlace, rankCall, scoreCall } from './model-functions.ts';

const SEGMENT = "upper(regexp_replace(trim(:segment), '[[:space:]_-]+', '_'))";
const N_CUSTOMERS = `least(greatest(:n_customers, 0), ${MAX_CUSTOMERS})`;
const N_PRODUCTS = `least(greatest(:n_products, 0), ${MAX_PRODUCTS})`;

export function recommendationQuery(model: RegisteredVersion, place: DeploymentPlace): string {
  const ofPairs = filled(recommendationFeatures(segmentCustomers(), DEFAULT_CANDIDATES, 'as of'), [
    SEGMENT,
    '1',
    N_CUSTOMERS,
    servedDay(),
    `greatest(${DEFAULT_CANDIDATES.popular}, ${N_PRODUCTS})`,
    '0',
    '0',
    servedDay(),
  ]);
  const statement = withRelations(
    [
      { name: 'recommendation_features', text: ofPairs, values: [] },
      { name: 'named_features', file: 'portable/reads/recommendation_named_features', values: [] },
    ],
    { file: 'snowflake/recommendation_text', values: [] },
  );
  const labels = Object.entries(segmentLabels(place.config.segmentThresholds)).map(
    ([name, label]) => `when ${literal(name)} then ${literal(label)}`,
  );
  return deployedText(textOf(statement), place.config, place.schemas, {
    segment: SEGMENT,
    n_products: N_PRODUCTS,
    score: scoreCall(model.card.model, model.ensemble.featureNames, place),
    rank_score: rankCall(model, place),
    shown_text: objectName(place.schemas.functions, 'shown_text'),
    segment_label: `case parameters.segment ${labels.join(' ')} end`,
  });
}

/** The day that the tables which the procedure reads are of, as an expression. */
function servedDay(): string {
  return `(\n${loadSql('snowflake/served_day')})`;
}

/** The day of the last order as an expression. */
function lastOrderDay(): string {
  return `(\n${loadSql('snowflake/last_order_day')})`;
}

/** Every `?` in order replaced by an expression; comments have none of their own. */
function filled(statement: StatementText, expressions: readonly string[]): string {
  let next = 0;
  return textOf(statement).replaceAll(/--[^\n]*|'(?:[^']|'')*'|\?/g, (piece) =>
    piece === '?' ? expressions[next++] : piece,
  );
}

function segmentCustomers() {
  return customersOfSegment('', 0);
}

/** The comment of a serving table: who made it, and by which statements, its own and those of the tables it reads. */
export function servingMark(serving: ServingTable, config: SnowflakeConfig): string {
  const statements = [...servingTablesReadBy([serving.file]), serving].map((made) =>
    servingStatement(made, config),
  );
  const text = deployedText(statements.join(';\n'), config, deployedSchemas(config), {});
  return `churn-mcp: what models and recommendations are computed from, by ${sha256Of(text).slice(0, 16)}`;
}

/** The statement of a serving table as of the last order's day, whenever that is. */
export function servingStatement(
  serving: ServingTable,
  config: Pick<SnowflakeConfig, 'segmentThresholds'>,
): string {
  const [, ...thresholds] = servingValues(serving, '', config);
  return filled({ file: serving.file }, [lastOrderDay(), ...thresholds.map(String)]);
}
