-- Customers who had bought one of the matched products by a day: one row per customer, by customer_id.
-- Values: the day. Reads the relation matched_products, which the caller puts before it.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

customers_who_bought as (
    select distinct purchased_pairs.customer_id
    from purchased_pairs
    cross join parameters
    inner join matched_products
        on purchased_pairs.product_id = matched_products.product_id
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
)

select * from customers_who_bought
order by customer_id
