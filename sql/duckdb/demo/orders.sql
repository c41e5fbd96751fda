-- One row per order, with its total: the sum of its lines after discount, without shipping.
insert into raw.orders
with totals as (
    select customer_number, order_number, cast(sum(quantity * unit_cents) as bigint) as total_cents
    from demo_baskets
    group by customer_number, order_number
),

drawn as (
    select
        purchases.*,
        totals.total_cents,
        demo_random(purchases.random_key, 14, purchases.order_number) as status_draw,
        demo_random(purchases.random_key, 15, purchases.order_number) as discount_draw
    from demo_purchases as purchases
    inner join totals
        on totals.customer_number = purchases.customer_number and totals.order_number = purchases.order_number
)

select
    order_id,
    customer_id,
    order_date,
    case
        when status_draw < 0.65 then 'Completed'
        when status_draw < 0.80 then 'Shipped'
        when status_draw < 0.90 then 'Processing'
        when status_draw < 0.97 then 'Pending'
        else 'Cancelled'
    end as order_status,
    cast(cast(total_cents as decimal(18, 0)) / 100 as decimal(18, 4)) as total_amount,
    cast(
        case when discount_draw < 0.70 then 0 when discount_draw < 0.85 then 5 when discount_draw < 0.95 then 10 else 15 end
        as decimal(5, 2)
    ) as discount_percent,
    cast(case when total_cents >= 20000 then 0 else 6.90 end as decimal(18, 4)) as shipping_cost
from drawn
order by customer_number, order_number
