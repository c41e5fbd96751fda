drop mcp server if exists models.churn_mcp_server
