-- One row per order that the files say something of: it takes the place of the one before, or removes it.
with corrected as (
    select distinct order_id
    from staging.checked_orders
    where order_id is not null and (reason is null or (is_understood(reason) and reason <> 'refund'))
)

select * from corrected
