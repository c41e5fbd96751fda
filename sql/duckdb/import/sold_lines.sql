-- One row per line of the files that sells something, of an order that counts.
with sold as (
    select
        sold_orders.customer_id,
        sold_orders.order_id,
        sold_orders.order_date,
        lines.product_id
    from staging.sold_orders
    inner join staging.checked_order_items as lines on lines.order_id = sold_orders.order_id
    where lines.line_total > 0 and lines.reason is null
)

select * from sold
