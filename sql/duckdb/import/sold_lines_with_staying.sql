-- One row per line that sells something, of an order of the files or of one that stays.
with earlier_lines as (
    select order_id, cast(product_id as varchar) as product_id, line_total from earlier.raw.order_items
    union all
    select order_id, product_id, line_total from earlier.raw.charges
),

staying as (
    select
        staying_orders.customer_id,
        staying_orders.order_id,
        staying_orders.order_date,
        earlier_lines.product_id
    from staging.staying_orders
    inner join earlier_lines on earlier_lines.order_id = staying_orders.earlier_id
    where earlier_lines.line_total > 0
)

select * from staging.sold_lines_of_files
union all
select * from staying
