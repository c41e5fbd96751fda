-- For those who only ask: the way to the churn-mcp server.
grant usage on integration churn_mcp_integration to role blank_role
