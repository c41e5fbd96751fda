-- One row per line of an order id whose lines name several customers or lie more than 30 days apart. A line without a
-- customer or a date has those of the line before it.
with reused as (
    select order_id
    from staging.checked_orders
    where has_several_customers or not is_near(last_order_date, order_date)
),

reused_lines as (
    select
        row_number,
        order_id,
        coalesce(
            last_value(customer_id ignore nulls) over (
                partition by order_id
                order by row_number
                rows between unbounded preceding and current row
            ),
            ''
        ) as customer_id,
        last_value(order_date ignore nulls) over (
            partition by order_id
            order by row_number
            rows between unbounded preceding and current row
        ) as order_date,
        line_total as amount
    from staging.checked_order_items
    where order_id in (select reused.order_id from reused)
)

select * from reused_lines
