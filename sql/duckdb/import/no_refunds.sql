-- No row, with the columns of sql/duckdb/import/refunds.sql: nothing was given back.
with refunds as (
    select
        customer_id,
        order_id,
        order_date,
        amount,
        known_order_id as wanted_order_id
    from staging.given_back
    where false
)

select * from refunds
