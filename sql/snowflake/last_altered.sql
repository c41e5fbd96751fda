-- One row per table of the shop: when it was last changed. Views, whose tables may have changed without them, have none. A table
-- that the shop does not have is that of its orders.
select last_altered
from blank_customers_database.information_schema.tables
where table_schema = blank_customers_schema and table_name = blank_customers_name and table_type = 'BASE TABLE'
union all
select last_altered
from blank_orders_database.information_schema.tables
where table_schema = blank_orders_schema and table_name = blank_orders_name and table_type = 'BASE TABLE'
union all
select last_altered
from blank_order_items_database.information_schema.tables
where table_schema = blank_order_items_schema and table_name = blank_order_items_name and table_type = 'BASE TABLE'
union all
select last_altered
from blank_product_catalog_database.information_schema.tables
where
    table_schema = blank_product_catalog_schema
    and table_name = blank_product_catalog_name
    and table_type = 'BASE TABLE'
