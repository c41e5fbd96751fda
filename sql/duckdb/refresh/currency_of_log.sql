-- At most one row: the currency of most orders of the log.
with orders as (
    select currency from log_new_orders
    union all
    select currency
    from log_earlier_orders
    where order_id not in (select log_new_orders.order_id from log_new_orders)
)

select upper(trim(currency)) as currency
from orders
where trim(currency) <> ''
group by upper(trim(currency))
order by count(*) desc, upper(trim(currency))
limit 1
