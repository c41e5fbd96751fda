-- What an MCP server is: it takes no comment, so its specification has to say who made it.
describe mcp server blank_object
