-- One row per order id of the checked orders, if no id is on two rows: same as sql/duckdb/import/order_states.sql.
with order_states as (
    select
        order_id,
        currency,
        reason
    from staging.checked_orders
    where order_id is not null
)

select * from order_states
