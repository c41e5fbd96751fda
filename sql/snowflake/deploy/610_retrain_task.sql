-- Every Monday before dawn: churn-mcp itself in a container trains on the warehouse's data, compares the new version
-- with the champion, and writes back what it found: versions, functions, probabilities. Each command logs in anew, by the token that
-- Snowflake keeps in a file, because a token does not last for all of them. The job has no name, for no two may have the same.
create or replace task models.retrain_churn
schedule = 'USING CRON 0 4 * * 1 UTC'
comment = 'churn-mcp: trains again every week'
as
execute job service
in compute pool blank_compute_pool
async = true
replicas = 1
query_warehouse = blank_warehouse
from specification
$$
spec:
  containers:
    - name: churn-mcp
      image: blank_image
      command: [sh, -c]
      args:
        - |-
          export CHURN_MCP_SNOWFLAKE_ACCOUNT="$SNOWFLAKE_ACCOUNT" CHURN_MCP_SNOWFLAKE_URL="https://$SNOWFLAKE_HOST"
          run() { node dist/cli.js "$@"; }
          run models pull --promote
          run retrain --model customer_churn_forecast --quiet
          run retrain --model product_recommendation --quiet
          run models push && run deploy snowflake --only inference,procedure,answers --quiet && run score --model customer_churn_forecast --to-snowflake
      env:
        CHURN_MCP_HOME: /tmp/churn-mcp
        CHURN_MCP_DATA_SOURCE: snowflake
        CHURN_MCP_SNOWFLAKE_AUTHENTICATOR: oauth
        CHURN_MCP_SNOWFLAKE_TOKEN_FILE: /snowflake/session/token
blank_environment
$$
