-- One row per order of the previous snapshot that the files hold: they replace it (file_order_id) or say that it is no sale
-- (NULL). It has the same number and customer, and a day near it; a row that is no sale may leave out either, and may name
-- another customer on the same day.
with corrected as (
    select
        earlier_orders.order_id,
        min(case when file_orders.is_sale then file_orders.order_id end) as file_order_id
    from staging.earlier_orders
    inner join staging.file_orders on file_orders.number = earlier_orders.number
    where
        is_near(file_orders.order_date, earlier_orders.order_date)
        and (
            file_orders.customer_id = earlier_orders.customer_id
            or (
                not file_orders.is_sale
                and (
                    file_orders.customer_id is null
                    or cast(file_orders.order_date as date) = cast(earlier_orders.order_date as date)
                )
            )
        )
    group by earlier_orders.order_id
)

select * from corrected
