-- What was not made by churn-mcp, and is taken over because the person who deploys said so.
comment on blank_kind blank_object is 'churn-mcp: taken over by a deployment'
