-- One row: whether the previous snapshot can be read, whether it is the demo shop, and which of its ids are text.
with tables as (
    select
        count_if(schema_name = 'raw' and table_name in ('order_numbers', 'persons', 'currency')) = 3 as is_of_this_kind,
        count_if(schema_name = 'demo') > 0 as is_demo
    from duckdb_tables()
    where database_name = 'earlier'
),

ids as (
    select count(*) as text_ids
    from duckdb_columns()
    where database_name = 'earlier' and schema_name = 'raw' and table_name = 'orders' and column_name = 'customer_id' and data_type = 'VARCHAR'
),

product_ids as (
    select count(*) as text_product_ids
    from duckdb_columns()
    where
        database_name = 'earlier'
        and schema_name = 'raw'
        and table_name = 'order_items'
        and column_name = 'product_id'
        and data_type = 'VARCHAR'
)

select
    is_of_this_kind,
    is_demo,
    text_ids > 0 as has_text_customer_ids,
    text_product_ids > 0 as has_text_product_ids
from tables
cross join ids
cross join product_ids
