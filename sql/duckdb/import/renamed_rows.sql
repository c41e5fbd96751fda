-- One row per row of an order id that is used again: the id of its use, the latest of its customer that is not later than
-- the row, else the customer's first.
with renamed_rows as (
    select
        rows_of_order.row_number,
        coalesce(
            arg_max(uses.new_order_id, uses.first_date) filter (uses.first_date <= rows_of_order.order_date),
            arg_min(uses.new_order_id, uses.first_date)
        ) as new_order_id
    from staging.reused_rows as rows_of_order
    inner join staging.order_uses as uses
        on uses.order_id = rows_of_order.order_id and uses.customer_id = rows_of_order.customer_id
    group by rows_of_order.row_number
)

select * from renamed_rows
