-- One row per staged order line, typed, with the reason why it cannot be used, NULL where it can.
with staged as (
    select
        row_number,
        order_item_id_of(order_item_id) as order_item_id,
        order_id_of(order_id) as order_id,
        order_items_product(product_id, product_name) as product_id,
        clean_text(product_name, 200) as product_name,
        clean_text(product_category, 200) as product_category,
        customer_id_of(customer_id) as customer_id,
        clean_text(order_status, 50) as order_status,
        order_items_quantity_written(quantity) as quantity_text,
        order_items_unit_price_written(unit_price) as unit_price_text,
        order_items_line_total_written(line_total) as line_total_text,
        order_items_order_date_written(order_date) as order_date_text
    from staging.order_items
),

typed as (
    select
        *,
        case when quantity_text is null then 1 else order_items_quantity(quantity_text) end as quantity,
        order_items_unit_price(unit_price_text) as unit_price,
        order_items_line_total(line_total_text) as line_total,
        order_items_order_date(order_date_text) as order_date
    from staged
),

-- Said once: what two expressions share is worked out for every row.
totalled as (
    select
        *,
        coalesce(line_total, try_cast(cast(quantity as decimal(38, 4)) * unit_price as decimal(18, 4))) as total
    from typed
),

checked as (
    select
        row_number,
        order_item_id,
        order_id,
        product_id,
        product_name,
        product_category,
        customer_id,
        order_status,
        order_date,
        order_date_text,
        quantity,
        coalesce(
            unit_price,
            case
                when quantity > 0
                    then try_cast(cast(line_total as double) / cast(quantity as double) as decimal(18, 4))
            end
        ) as unit_price,
        total as line_total,
        case
            when order_id is null then 'missing order id'
            when product_id is null then 'missing product'
            when
                length(order_id) > 256
                or length(product_id) > 256
                or length(customer_id) > 256
                or length(order_item_id) > 256
                then 'id longer than 256 characters'
            when is_cancellation(order_id) or quantity < 0 then 'return or cancellation'
            when quantity is null then 'quantity is not a number'
            when quantity = 0 then 'quantity of zero'
            when line_total < 0 or unit_price < 0 then 'negative amount'
            when
                (line_total_text is not null and line_total is null)
                or (unit_price_text is not null and unit_price is null)
                then 'amount is not a number'
            when line_total is null and unit_price is not null and total is null then 'amount too large'
            when line_total >= 1000000000000 or unit_price >= 1000000000000 then 'amount too large'
        end as reason
    from totalled
)

select * from checked
