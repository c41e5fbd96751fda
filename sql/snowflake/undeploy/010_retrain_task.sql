drop task if exists models.retrain_churn
