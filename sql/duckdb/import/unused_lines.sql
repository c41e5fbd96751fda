-- One row per checked order line that cannot be used, by itself or because of its order, and why.
with resolved as (
    select
        lines.row_number,
        case
            when lines.reason is not null then lines.reason
            when order_states.order_id is null then 'unknown order'
            when order_states.reason is not null then order_reason(order_states.reason)
            when lines.line_total < 0 or lines.quantity < 0 then 'refund'
        end as reason
    from staging.checked_order_items as lines
    left join staging.order_states on order_states.order_id = lines.order_id
)

select * from resolved
where reason is not null
