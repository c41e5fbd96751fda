-- A function that churn-mcp made, as the account lists it.
drop function if exists blank_function
