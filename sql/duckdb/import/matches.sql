-- One row: how many customers of orders are in the file of customers, and how many products of lines in the catalogue.
with ordering as (
    select distinct customer_id
    from staging.checked_orders
    where reason is null
),

customers as (
    select distinct customer_id
    from staging.checked_customers
    where reason is null
),

selling as (
    select product_id
    from staging.sold_products
),

products as (
    select distinct product_id
    from staging.checked_product_catalog
    where reason is null
),

matches as (
    select
        (select count(*) from ordering) as customers,
        (select count(*) from ordering inner join customers using (customer_id)) as customers_found,
        (select count(*) from selling) as products,
        (select count(*) from selling inner join products using (product_id)) as products_found
)

select * from matches
