-- The warehouse that answers from the interactive table. It bills while it runs, so it sleeps when nobody has asked for an hour,
-- and wakes with the next question.
create interactive warehouse if not exists blank_interactive_warehouse
tables (interactive.customer_order_analytics)
warehouse_size = 'XSMALL'
auto_suspend = 3600
auto_resume = true
comment = 'churn-mcp: answers from the interactive table'
