-- The day that serving tables are of, where a statement in the warehouse cannot have it bound.
select max(cast(order_date as date)) from raw.orders
