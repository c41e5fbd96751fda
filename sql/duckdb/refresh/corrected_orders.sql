-- One row per order of the previous snapshot that rows of the log replace (file_order_id) or say to be none (NULL): the order
-- that an earlier row of the log with the number made, whoever ordered it. An order that only an import knows is the same if
-- the customer is and the day is near, or the day is the same.
with rows_of_log as (
    select
        checked_orders.order_id,
        checked_orders.customer_id,
        checked_orders.order_date,
        checked_orders.reason,
        log_earlier_orders.order_id is not null as was_in_log,
        try_cast(log_earlier_orders.order_date as timestamp) as date_before
    from staging.checked_orders
    left join log_earlier_orders on log_earlier_orders.order_id = checked_orders.order_id
    where checked_orders.order_id is not null and coalesce(checked_orders.reason, '') <> 'refund'
),

corrected as (
    select
        earlier_orders.order_id,
        min(case when rows_of_log.reason is null then rows_of_log.order_id end) as file_order_id
    from staging.earlier_orders
    inner join rows_of_log on rows_of_log.order_id = earlier_orders.number
    where
        (rows_of_log.was_in_log and is_near(rows_of_log.date_before, earlier_orders.order_date))
        or cast(rows_of_log.order_date as date) = cast(earlier_orders.order_date as date)
        or (
            is_near(rows_of_log.order_date, earlier_orders.order_date)
            and (rows_of_log.customer_id is null or rows_of_log.customer_id = earlier_orders.customer_id)
        )
    group by earlier_orders.order_id
)

select * from corrected
