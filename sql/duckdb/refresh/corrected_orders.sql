-- One row per order of the previous snapshot that rows of the log replace (file_order_id) or say to be none (NULL). The
-- number is the same, and so is the day. The day may also be near: the one that an earlier row of the log said, or the one now if
-- the row names the same customer or none. A refund replaces no order but the one that the log told in its place before.
with rows_of_log as (
    select
        checked_orders.order_id,
        checked_orders.customer_id,
        checked_orders.order_date,
        checked_orders.reason,
        coalesce(checked_orders.reason = 'refund', false) as is_refund,
        log_earlier_orders.order_id is not null as was_in_log,
        try_cast(log_earlier_orders.order_date as timestamp) as date_before
    from staging.checked_orders
    left join log_earlier_orders on log_earlier_orders.order_id = checked_orders.order_id
    where checked_orders.order_id is not null
),

corrected as (
    select
        earlier_orders.order_id,
        min(case when rows_of_log.reason is null then rows_of_log.order_id end) as file_order_id
    from staging.earlier_orders
    inner join rows_of_log on rows_of_log.order_id = earlier_orders.number
    where
        (rows_of_log.was_in_log and is_near(rows_of_log.date_before, earlier_orders.order_date))
        or (not is_refund and cast(rows_of_log.order_date as date) = cast(earlier_orders.order_date as date))
        or (
            not is_refund
            and is_near(rows_of_log.order_date, earlier_orders.order_date)
            and (rows_of_log.customer_id is null or rows_of_log.customer_id = earlier_orders.customer_id)
        )
    group by earlier_orders.order_id
)

select * from corrected
