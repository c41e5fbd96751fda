-- One row per order whose number is used by several orders.
with final as (
    select order_id, number
    from staging.order_numbers
)

select * from final
order by order_id
