-- The procedures as tools of an MCP server that Snowflake runs itself. It takes no comment, so descriptions name who made it.
create or replace mcp server models.churn_mcp_server
from specification
$$
tools:
blank_tools
$$
