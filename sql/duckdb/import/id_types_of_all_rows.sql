-- One row: how many customer and product ids, over all tables and usable or not, are no plain integers.
with customer_ids as (
    select customer_id as id from staging.checked_orders
    union all
    select customer_id as id from staging.checked_customers
),

product_ids as (
    select product_id as id from staging.checked_order_items
    union all
    select product_id as id from staging.checked_product_catalog
),

text_customer_ids as (
    select count(*) as text_customer_ids
    from customer_ids
    where not regexp_full_match(id, '0|[1-9]\d{0,14}')
),

text_product_ids as (
    select count(*) as text_product_ids
    from product_ids
    where not regexp_full_match(id, '0|[1-9]\d{0,14}')
),

id_types as (
    select *
    from text_customer_ids
    cross join text_product_ids
)

select * from id_types
