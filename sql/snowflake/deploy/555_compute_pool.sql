-- Runs the containers: a machine for the server, and another one while the weekly task trains. It begins suspended, and is
-- suspended again once nothing has run on it for ten minutes.
create compute pool if not exists blank_compute_pool
min_nodes = 1
max_nodes = 2
instance_family = CPU_X64_S
auto_resume = true
initially_suspended = true
auto_suspend_secs = 600
comment = 'churn-mcp: runs the containers of churn-mcp'
