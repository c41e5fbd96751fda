-- As lasting_orders.sql if no line of the previous snapshot stays: no row.
select
    cast(null as varchar) as earlier_id,
    cast(null as varchar) as order_id
where false
