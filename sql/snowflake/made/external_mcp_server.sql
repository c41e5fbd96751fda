-- What an external MCP server is: it takes no comment, so its display name has to say who made it.
describe external mcp server blank_object
