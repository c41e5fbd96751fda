import type { RegisteredModel } from './model-card.ts';

/** What of a training's window a label can be asked with, by the names of the tools' arguments. */
export type LabelWindow = 'as_of' | 'horizon_days' | 'churn_threshold_days';

interface ChurnLabel {
  /** Its versions are registered under this name. */
  readonly model: RegisteredModel;
  /** Completes "churned: …". */
  readonly churned: string;
  readonly windows: readonly LabelWindow[];
}

/** What "churned" can mean: one record per label, the one to act on first. */
export const CHURN_LABELS = {
  forward: {
    model: 'customer_churn_forecast',
    churned: 'no order in the horizon to come',
    windows: ['as_of', 'horizon_days'],
  },
  inactivity: {
    model: 'customer_churn_predictor',
    churned: 'silent for longer than the threshold',
    windows: ['as_of', 'churn_threshold_days'],
  },
  column: {
    model: 'customer_churn_column',
    churned: 'the target of an imported table of customers',
    windows: [],
  },
} as const satisfies Record<string, ChurnLabel>;

export type ChurnLabelName = keyof typeof CHURN_LABELS;

export const CHURN_LABEL_NAMES = ['forward', 'inactivity', 'column'] as const satisfies ChurnLabelName[];

/** "forward: no order …. inactivity: …": for the description of an argument. */
export function labelMeanings(): string {
  return CHURN_LABEL_NAMES.map((label) => `${label}: ${CHURN_LABELS[label].churned}.`).join(' ');
}

/** The label whose versions are registered under a name; undefined for models that do not say who leaves. */
export function labelOfModel(model: RegisteredModel): ChurnLabelName | undefined {
  return CHURN_LABEL_NAMES.find((label) => CHURN_LABELS[label].model === model);
}
