-- Products that the customers of a sample bought: one row per customer and product. Values: none.
-- Reads the relation sampled_orders.
with sampled_customers as (
    select distinct customer_id from sampled_orders
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

sampled_pairs as (
    select purchased_pairs.*
    from purchased_pairs
    inner join sampled_customers
        on purchased_pairs.customer_id = sampled_customers.customer_id
)

select * from sampled_pairs
