export interface ImportModelRequest {
  readonly model: 'customer_churn_forecast' | 'customer_churn_predictor';
  /** Saved by XGBoost, JSON or UBJSON. */
  readonly file: string;
  /** One per column, in the model's order; the names in the file by default. */
  readonly features?: readonly string[] | undefined;
  /** JSON with the mean and scale of a scaler that the model was trained behind. */
  readonly scalerFile?: string | undefined;
  /** Forecast: what the model predicts; the champion's by default, or chosen as a training does. */
  readonly horizonDays?: number | undefined;
  readonly comment?: string | undefined;
}
