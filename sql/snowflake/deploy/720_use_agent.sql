-- For those who only ask: the agent.
grant usage on agent models.churn_agent to role blank_role
