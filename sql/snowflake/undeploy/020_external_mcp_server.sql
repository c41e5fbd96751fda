drop external mcp server if exists models.churn_mcp_external
