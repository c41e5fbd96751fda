drop agent if exists models.churn_agent
