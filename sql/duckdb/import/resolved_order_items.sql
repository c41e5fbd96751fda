-- One row per checked order line, with the reason why it cannot be used by itself or because of its order, in the
-- currency of the shop, and whether it is a product at all.
with resolved as (
    select
        lines.* exclude (reason, line_total, unit_price),
        cast(in_base_currency(lines.line_total, order_states.currency) as decimal(18, 4)) as line_total,
        cast(in_base_currency(lines.unit_price, order_states.currency) as decimal(18, 4)) as unit_price,
        is_charge(lines.product_id) as is_charge,
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
