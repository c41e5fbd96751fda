-- How many customers and products a recommendation is made among, as of a day: one row.
with recommendation_customers as (
    select * from interactive.recommendation_customers
),

recommendation_products as (
    select * from interactive.recommendation_products
),

customer_count as (
    select
        cast(count(*) as integer) as customers,
        cast(coalesce(sum(case when unique_products_bought > 0 then 1 else 0 end), 0) as integer) as buyers
    from recommendation_customers
),

product_count as (
    select cast(count(*) as integer) as products
    from recommendation_products
)

select
    customer_count.customers,
    customer_count.buyers,
    product_count.products
from customer_count
cross join product_count
