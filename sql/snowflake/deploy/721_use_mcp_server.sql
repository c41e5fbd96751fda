-- For those who only ask: the MCP server of the procedure.
grant usage on mcp server models.churn_mcp_server to role blank_role
