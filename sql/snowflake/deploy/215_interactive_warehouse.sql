-- The warehouse that answers from the interactive table. It bills while it runs.
create interactive warehouse if not exists churn_mcp_interactive
tables (interactive.customer_order_analytics)
warehouse_size = 'XSMALL'
