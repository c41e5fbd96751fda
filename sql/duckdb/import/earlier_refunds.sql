-- One row per refund of the previous snapshot that the files do not hold.
with kept as (
    select refunds.*
    from earlier.raw.refunds
    where refunds.order_id not in (select order_id from staging.refunds)
)

select * from kept
