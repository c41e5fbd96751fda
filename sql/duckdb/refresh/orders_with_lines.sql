-- One row per order whose lines are those of the log: it holds lines of the order, or held some before.
with with_lines as (
    select order_id
    from staging.used_order_items
    union
    select order_id
    from log_relined_orders
)

select * from with_lines
