drop table if exists models.churn_predictions
