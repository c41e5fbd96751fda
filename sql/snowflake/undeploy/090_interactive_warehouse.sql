drop warehouse if exists churn_mcp_interactive
