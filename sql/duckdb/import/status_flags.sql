-- One row per table: whether any column of flags that make a row no sale has a value.
select
    'orders' as table_name,
    count(cancelled_at) + count(is_test) + count(is_live) > 0 as has_flags
from staging.orders
union all
select
    'order_items',
    count(cancelled_at) + count(is_test) + count(is_live) > 0
from staging.order_items
