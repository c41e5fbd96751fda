-- Who bought a product, and how much, by a day: one row per product sold by then, by product_id.
-- Values: the as-of date. Reads interactive.purchased_pairs, built as of the same day. A pair's last order inside a
-- window means that the customer bought the product in it, its first order that the product was new to them.
-- Counts, sums of decimals, and the first and last day, so that pairs can be added and taken away again without a difference.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

product_sales as (
    -- A day that is less than 30 days before the as-of date is after the one 30 days before it.
    select
        purchased_pairs.product_id,
        count(*) as buyers,
        cast(sum(purchased_pairs.total_orders) as bigint) as total_orders,
        count(case when purchased_pairs.total_orders > 1 then 1 end) as repeat_buyers,
        count(case when cast(purchased_pairs.last_order_date as date) > parameters.as_of_date - 7 then 1 end) as buyers_7,
        count(case when cast(purchased_pairs.last_order_date as date) > parameters.as_of_date - 30 then 1 end) as buyers_30,
        count(case when cast(purchased_pairs.last_order_date as date) > parameters.as_of_date - 90 then 1 end) as buyers_90,
        count(case when cast(purchased_pairs.first_order_date as date) > parameters.as_of_date - 30 then 1 end)
            as new_buyers_30,
        cast(sum(purchased_pairs.total_quantity) as numeric(38, 4)) as total_quantity,
        cast(sum(purchased_pairs.total_spent) as numeric(38, 4)) as total_spent,
        min(purchased_pairs.first_order_date) as first_order_date,
        max(purchased_pairs.last_order_date) as last_order_date
    from purchased_pairs
    cross join parameters
    group by purchased_pairs.product_id
)

select * from product_sales
