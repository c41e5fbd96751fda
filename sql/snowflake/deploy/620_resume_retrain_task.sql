-- A task is made asleep.
alter task models.retrain_churn resume
