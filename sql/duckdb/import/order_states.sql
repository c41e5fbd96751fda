-- One row per order id of the checked orders: NULL if the order is kept, else why all of its rows are rejected.
with order_states as (
    select
        order_id,
        max(currency) as currency,
        case when count(*) = count(reason) then min(reason) end as reason
    from staging.checked_orders
    where order_id is not null
    group by order_id
)

select * from order_states
