-- No row: refunds that files do not hold stay.
select
    cast(null as varchar) as order_id,
    cast(null as varchar) as customer_id,
    cast(null as timestamp) as order_date
where false
