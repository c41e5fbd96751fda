-- For those who only ask: the churn-mcp server as agents see it.
grant usage on external mcp server models.churn_mcp_external to role blank_role
