-- One row: whether any staged order line has no product id.
with lines_without_product_id as (
    select row_number
    from staging.order_items
    where product_id is null
    limit 1
)

select count(*) > 0 as is_any_missing from lines_without_product_id
