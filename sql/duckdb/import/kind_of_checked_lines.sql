-- One row: whether the checked order lines are a view or a table.
select case when count(*) > 0 then 'view' else 'table' end as kind
from duckdb_views()
where database_name = 'staging' and view_name = 'checked_order_items'
