-- For those who only ask: the warehouse that answers from it.
grant usage on warehouse churn_mcp_interactive to role blank_role
