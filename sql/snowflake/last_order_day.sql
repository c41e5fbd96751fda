-- One row: the day that serving tables are of, for statements inside Snowflake that cannot have it bound.
select max(cast(order_date as date)) from raw.orders
