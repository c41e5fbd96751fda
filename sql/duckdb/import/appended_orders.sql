-- One row: how many orders of the files are new beside those of the previous snapshot, equal to one of them, or differ from
-- one; and how many of the previous ones the files take back. Lines are compared if the files hold any of the order.
with lines_now as (
    select
        order_id,
        list_sort(list((product_id, quantity, unit_price, line_total))) as lines
    from staging.used_order_items
    group by order_id
),

all_lines_before as (
    select order_id, cast(product_id as varchar) as product_id, quantity, unit_price, line_total
    from earlier.raw.order_items
    union all
    select order_id, product_id, quantity, unit_price, line_total
    from earlier.raw.charges
),

lines_before as (
    select
        order_id,
        list_sort(list((product_id, quantity, unit_price, line_total))) as lines
    from all_lines_before
    where order_id in (select corrected_orders.order_id from staging.corrected_orders)
    group by order_id
),

compared as (
    select
        corrected.file_order_id,
        (file_orders.order_date, file_orders.order_status, file_orders.total_amount, file_orders.discount_percent, file_orders.shipping_cost)
        is not distinct from (
            before.order_date,
            before.order_status,
            cast(before.total_amount + coalesce(taken_before.amount, 0) as decimal(18, 4)),
            before.discount_percent,
            before.shipping_cost
        )
        and (lines_now.lines is null or lines_now.lines is not distinct from lines_before.lines) as is_equal
    from staging.corrected_orders as corrected
    inner join earlier.raw.orders as before on before.order_id = corrected.order_id
    left join earlier.raw.refund_parts as taken_before on taken_before.order_id = corrected.order_id
    left join staging.usable_orders as file_orders on file_orders.order_id = corrected.file_order_id
    left join lines_now on lines_now.order_id = corrected.file_order_id
    left join lines_before on lines_before.order_id = corrected.order_id
)

select
    (select count(*) from staging.usable_orders where order_id not in (select file_order_id from compared where file_order_id is not null)) as new_orders,
    count_if(file_order_id is not null and is_equal) as equal_orders,
    count_if(file_order_id is not null and not is_equal) as corrected_orders,
    count_if(file_order_id is null) as removed_orders
from compared
