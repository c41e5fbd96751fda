-- How much chosen customers bought after a day: one row per customer who bought anything, by customer_id.
-- Reads the relations chosen_customers and later_purchases, and interactive.purchased_pairs as of the day. A product is new
-- if the customer had never bought it by then.
with purchased_pairs as (
    select * from interactive.purchased_pairs
),

chosen_purchases as (
    select
        later_purchases.customer_id,
        later_purchases.product_id
    from later_purchases
    inner join chosen_customers
        on later_purchases.customer_id = chosen_customers.customer_id
),

recommendation_later_purchases as (
    select
        chosen_purchases.customer_id,
        cast(count(*) as integer) as products_bought,
        cast(sum(case when purchased_pairs.customer_id is null then 1 else 0 end) as integer)
            as new_products_bought
    from chosen_purchases
    left join purchased_pairs
        on chosen_purchases.customer_id = purchased_pairs.customer_id
        and chosen_purchases.product_id = purchased_pairs.product_id
    group by chosen_purchases.customer_id
)

select * from recommendation_later_purchases
order by customer_id
