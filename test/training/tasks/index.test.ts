import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cardDetailsSchema } from '../../../src/registry/card-details.ts';
import { CHURN_LABEL_NAMES, CHURN_LABELS, labelOfModel } from '../../../src/registry/churn-labels.ts';
import { REGISTERED_MODELS } from '../../../src/registry/model-card.ts';
import { TRAINING_TASKS } from '../../../src/training/tasks/index.ts';

describe('the list of trainings', () => {
  it('names every file of the folder', () => {
    const files = readdirSync(new URL('../../../src/training/tasks/', import.meta.url));
    const kinds = Object.keys(TRAINING_TASKS).map((kind) => `${kind}.ts`);
    expect([...kinds, 'index.ts'].sort()).toEqual(files.sort());
  });

  it('trains every kind of model that a card can describe, and imports one that was trained elsewhere', () => {
    const described = cardDetailsSchema.options.map((option) => option.shape.kind.value);
    expect([...described, 'imported'].sort()).toEqual(Object.keys(TRAINING_TASKS).sort());
  });
});

describe('the list of labels', () => {
  it('has every label, with a model of its own', () => {
    expect([...CHURN_LABEL_NAMES].sort()).toEqual(Object.keys(CHURN_LABELS).sort());
    const models = CHURN_LABEL_NAMES.map((label) => CHURN_LABELS[label].model);
    expect([...models, 'product_recommendation', 'campaign_uplift'].sort()).toEqual(
      [...REGISTERED_MODELS].sort(),
    );
    expect(models.map(labelOfModel)).toEqual([...CHURN_LABEL_NAMES]);
  });
});
