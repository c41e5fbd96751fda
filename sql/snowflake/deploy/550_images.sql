-- Keeps the images that containers are made of. docs/snowflake.md has the commands that push one there.
create image repository if not exists blank_repository
comment = 'churn-mcp: images of churn-mcp'
