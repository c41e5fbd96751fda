-- One row: how many rows of the previous snapshot stay.
with counts as (
    select
        (select count(*) from staging.staying_orders) as orders,
        (select count(*) from raw.order_items where order_id not in (select order_id from staging.orders_with_lines)) as order_items,
        (
            select count(*)
            from raw.customers
            where cast(customer_id as varchar) not in (select customer_id from staging.checked_customers where reason is null)
        ) as customers,
        (
            select count(*)
            from raw.product_catalog
            where cast(product_id as varchar) not in (select product_id from staging.checked_product_catalog where reason is null)
        ) as product_catalog
)

select * from counts
