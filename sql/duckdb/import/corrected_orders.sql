-- One row per order in the files: it replaces the previous one, or removes it.
with corrected as (
    select distinct order_id
    from staging.checked_orders
    where order_id is not null and (reason is null or (is_understood(reason) and reason <> 'refund'))
)

select * from corrected
