-- One row per status of orders, the most frequent first: how many orders have it. More than 61 are no statuses.
select
    cast(order_status as varchar) as order_status,
    count(*) as row_count
from raw.orders
where order_status is not null
group by order_status
order by row_count desc, order_status
limit 61
