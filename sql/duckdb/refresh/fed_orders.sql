-- One row per touched order of the log as an import reads it. What was given back is taken off. A return of an order that only
-- an import knows is a refund of that order, with all that was given back of it.
with given_back as (
    select
        order_id,
        sum(try_cast(amount as decimal(18, 4))) as amount
    from ingest.returns
    where order_id in (select order_id from log_touched_orders)
    group by order_id
),

orders as (
    select
        log_orders.* replace (
            try_cast(left(replace(log_orders.order_date, 'T', ' '), 19) as timestamp) as order_date,
            try_cast(log_orders.total_amount as decimal(18, 4)) as total_amount,
            try_cast(log_orders.discount_percent as decimal(18, 4)) as discount_percent,
            try_cast(log_orders.shipping_cost as decimal(18, 4)) as shipping_cost,
            case
                when log_orders.refunded_amount is not null or given_back.amount is not null
                    then
                        cast(
                            coalesce(try_cast(log_orders.refunded_amount as decimal(18, 4)), 0)
                            + coalesce(given_back.amount, 0) as decimal(18, 4)
                        )
            end as refunded_amount
        )
    from ingest.orders as log_orders
    left join given_back on given_back.order_id = log_orders.order_id
    where log_orders.order_id in (select order_id from log_touched_orders)
),

refunds as (
    select
        given_back.order_id,
        known.customer_id,
        known.order_date,
        cast(-given_back.amount as decimal(18, 4)) as total_amount
    from given_back
    inner join log_known_orders as known on known.order_id = given_back.order_id
    where given_back.order_id not in (select order_id from ingest.orders)
),

fed as (
    select * from orders
    union all by name
    select * from refunds
)

select * from fed
order by order_id
