import type { RegisteredModel } from '../../registry/model-card.ts';

/** The reference system's name for its model, by which its pages find it; its other model is called as ours. */
const OTHER_NAMES: Partial<Record<RegisteredModel, string>> = {
  product_recommendation: 'PRODUCT_RECOMMENDATION_XGBOOST',
};

/** What a model is called in Snowflake's Model Registry. */
export function modelName(model: RegisteredModel): string {
  return OTHER_NAMES[model] ?? model.toUpperCase();
}
