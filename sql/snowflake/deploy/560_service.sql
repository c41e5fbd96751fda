-- churn-mcp as a server inside the account. Snowflake cannot replace a service, and a new one would have another address, so
-- the next statement brings one that is there up to date.
create service if not exists blank_service
in compute pool blank_compute_pool
from specification
$$
blank_specification
$$
auto_resume = true
min_instances = 1
max_instances = 1
query_warehouse = blank_warehouse
comment = 'churn-mcp: the server'
