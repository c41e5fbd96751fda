-- One row per staged order line, typed, with the reason why it cannot be used, NULL if it can. Amounts have their
-- sign: what was given back is negative. meaning is that of the line's own status, NULL if it has none. If the variable
-- ids_may_be_long is false, all ids are known to be short, and none is read to see it.
with staged as (
    select
        row_number,
        order_item_id_of(order_item_id) as order_item_id,
        order_id_of(order_id) as order_id,
        order_items_product(product_id, product_name) as product_id,
        order_items_product_name_text(product_name, 200) as product_name,
        order_items_product_category_text(product_category, 200) as product_category,
        customer_id_of(customer_id) as customer_id,
        order_items_order_status_text(order_status, 50) as order_status,
        order_items_meaning(order_status, payment_status, cancelled_at, is_test, is_live) as meaning,
        order_items_currency(currency, concat_ws(' ', line_total, unit_price, order_total)) as currency,
        order_items_quantity_written(quantity) as quantity_text,
        order_items_unit_price_written(unit_price) as unit_price_text,
        order_items_line_discount_written(line_discount) as line_discount_text,
        order_items_line_total_written(line_total) as line_total_text,
        order_items_order_total_written(order_total) as order_total_text,
        order_items_refunded_amount_written(refunded_amount) as refunded_amount_text,
        order_items_order_date_written(order_date) as order_date_text,
        attributes
    from staging.order_items
),

typed as (
    select
        *,
        case when quantity_text is null then 1 else order_items_quantity(quantity_text) end as quantity,
        order_items_unit_price(unit_price_text) as unit_price,
        order_items_line_discount(line_discount_text) as line_discount,
        order_items_line_total(line_total_text) as line_total,
        order_items_order_total(order_total_text) as order_total,
        order_items_refunded_amount(refunded_amount_text) as refunded_amount,
        order_items_order_date(order_date_text) as order_date
    from staged
),

-- Computed once per row, because two expressions use it.
totalled as (
    select
        *,
        signed_amount(
            order_items_amount(
                quantity,
                unit_price,
                line_discount,
                case when not getvariable('line_total_is_orders') then line_total end
            ),
            quantity < 0 or unit_price < 0 or meaning = 'refund row'
        ) as total
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
        meaning,
        currency,
        order_date,
        order_date_text is not null as has_date,
        quantity,
        coalesce(
            unit_price,
            case
                when quantity <> 0
                    then try_cast(abs(cast(total as double) / cast(quantity as double)) as decimal(18, 4))
            end
        ) as unit_price,
        total as line_total,
        case when getvariable('line_total_is_orders') then coalesce(order_total, line_total) else order_total end as order_total,
        abs(refunded_amount) as refunded_amount,
        attributes,
        case
            when meaning not in ('sale', 'refund row') then 'no sale: ' || meaning
            when order_id is null then 'missing order id'
            when product_id is null then 'missing product'
            when
                getvariable('ids_may_be_long')
                and (
                    length(order_id) > 256
                    or length(product_id) > 256
                    or length(customer_id) > 256
                    or length(order_item_id) > 256
                )
                then 'id longer than 256 characters'
            when quantity is null then 'quantity is not a number'
            when quantity = 0 then 'quantity of zero'
            when
                (line_total_text is not null and line_total is null)
                or (unit_price_text is not null and unit_price is null)
                or (order_total_text is not null and order_total is null)
                or (line_discount_text is not null and line_discount is null)
                or (refunded_amount_text is not null and refunded_amount is null)
                then 'amount is not a number'
            when total is null and unit_price is not null then 'amount too large'
            when abs(total) >= 1000000000000 or abs(unit_price) >= 1000000000000 then 'amount too large'
        end as reason
    from totalled
)

select * from checked
