-- One row per checked order line, with the reason why it cannot be used by itself or because of its order.
with resolved as (
    select
        lines.* exclude (reason),
        case
            when lines.reason is not null then lines.reason
            when order_states.order_id is null then 'unknown order'
            when order_states.reason is not null then 'order rejected: ' || order_states.reason
        end as reason
    from staging.checked_order_items as lines
    left join staging.order_states on order_states.order_id = lines.order_id
)

select * from resolved
