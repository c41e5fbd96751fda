-- One row per usable order line, in the currency of the shop, and whether it is a product at all.
with currencies as (
    -- Empty if there is nothing to convert, so that lines and orders are not joined again.
    select order_id, currency
    from staging.order_states
    where getvariable('has_currency_rates')
),

used as (
    select
        lines.* exclude (reason, line_total, unit_price),
        cast(in_base_currency(lines.line_total, currencies.currency) as decimal(18, 4)) as line_total,
        cast(in_base_currency(lines.unit_price, currencies.currency) as decimal(18, 4)) as unit_price,
        is_charge(lines.product_id) as is_charge
    from staging.checked_order_items as lines
    left join currencies on currencies.order_id = lines.order_id
    anti join staging.unused_lines on unused_lines.row_number = lines.row_number
)

select * from used
