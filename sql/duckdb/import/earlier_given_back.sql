-- One row per refund of the previous snapshot that the files do not hold and the log did not take back: as sql/duckdb/import/given_back.sql, with the
-- order that it was subtracted from, if that stays.
with kept as (
    select
        refunds.order_id,
        refunds.customer_id,
        refunds.order_date,
        refunds.amount,
        -row_number() over (
            order by refunds.customer_id, refunds.order_date, refunds.order_id, refunds.amount
        ) as row_number,
        coalesce(staying.order_id, corrected.file_order_id) as known_order_id
    from earlier.raw.refunds
    left join staging.staying_orders as staying on staying.earlier_id = refunds.wanted_order_id
    left join staging.corrected_orders as corrected on corrected.order_id = refunds.wanted_order_id
    where
        not exists (
            select 1
            from staging.given_back
            where
                given_back.order_id = refunds.order_id
                and given_back.customer_id = refunds.customer_id
                and is_near(given_back.order_date, refunds.order_date)
        )
        and not exists (
            select 1
            from staging.refunds_taken_back as taken_back
            where
                taken_back.order_id = refunds.order_id
                and taken_back.customer_id = refunds.customer_id
                and taken_back.order_date = refunds.order_date
        )
)

select * from kept
