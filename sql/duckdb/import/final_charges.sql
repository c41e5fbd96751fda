-- One row per usable line that is a charge: postage, fees, vouchers, samples. Its amount is part of its order's
-- total; charges are never recommended.
with final as (
    select
        order_id,
        product_id,
        product_name,
        quantity,
        unit_price,
        line_total
    from staging.used_order_items
    where is_charge
)

select * from final
order by order_id, product_id, line_total, quantity
