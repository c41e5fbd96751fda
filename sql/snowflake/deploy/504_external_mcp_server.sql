-- The churn-mcp server as one that agents in Snowflake can use.
create or replace external mcp server models.churn_mcp_external
with display_name = 'churn-mcp'
url = blank_url
api_integration = blank_integration
