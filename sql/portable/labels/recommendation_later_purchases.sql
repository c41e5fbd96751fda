-- How much chosen customers bought after a day: one row per customer who bought anything, by customer_id.
-- Values: the cutoff date, the horizon in days: the days (cutoff, cutoff + horizon] count.
-- Reads the relation chosen_customers, and interactive.purchased_pairs as of the cutoff. A product is new if the
-- customer had never bought it by the cutoff.
with parameters as (
    select
        cast(? as date) as cutoff_date,
        cast(? as integer) as horizon_days
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

orders as (
    select * from raw.orders
),

order_items as (
    select * from raw.order_items
),

later_purchases as (
    select distinct
        orders.customer_id,
        order_items.product_id
    from orders
    cross join parameters
    inner join order_items
        on orders.order_id = order_items.order_id
    inner join chosen_customers
        on orders.customer_id = chosen_customers.customer_id
    where cast(orders.order_date as date) > parameters.cutoff_date
        and cast(orders.order_date as date) <= parameters.cutoff_date + parameters.horizon_days
),

recommendation_later_purchases as (
    select
        later_purchases.customer_id,
        cast(count(*) as integer) as products_bought,
        cast(sum(case when purchased_pairs.customer_id is null then 1 else 0 end) as integer)
            as new_products_bought
    from later_purchases
    left join purchased_pairs
        on later_purchases.customer_id = purchased_pairs.customer_id
        and later_purchases.product_id = purchased_pairs.product_id
    group by later_purchases.customer_id
)

select * from recommendation_later_purchases
order by customer_id
