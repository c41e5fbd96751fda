-- One row per touched order of which the log holds lines now, or held some before.
with relined as (
    select order_id from ingest.order_items
    union
    select order_id from log_earlier_order_items
)

select order_id
from relined
where order_id in (select order_id from log_touched_orders)
