-- One row: how many usable customer and product ids, over all tables, are no plain integers.
with customer_ids as (
    select customer_id as id from staging.checked_orders where reason is null
    union
    select customer_id as id from staging.checked_customers where reason is null
),

product_ids as (
    select product_id as id from staging.used_order_items
    union
    select product_id as id from staging.checked_product_catalog where reason is null
),

id_types as (
    select
        (select count(*) from customer_ids where not regexp_full_match(id, '0|[1-9]\d{0,14}')) as text_customer_ids,
        (select count(*) from product_ids where not regexp_full_match(id, '0|[1-9]\d{0,14}')) as text_product_ids
)

select * from id_types
