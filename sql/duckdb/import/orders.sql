-- One row per staged order, typed, with the reason why it cannot be used, NULL if it can. Amounts have their sign:
-- what was given back is negative.
-- Values bound: today; the last date that is no typing error. The variables derives_order_ids and without_amounts say whether
-- order ids are derived from the content, and whether orders without an amount count as zero: what does not apply is not run.
with parameters as (
    select
        cast(? as date) as today,
        cast(? as date) as last_possible_date
),

-- Computed twice: to keep millions of rows takes longer.
staged as not materialized (
    select
        row_number,
        order_id_of(order_id) as order_id,
        person_of(customer_id_of(customer_id)) as customer_id,
        orders_order_status_text(order_status, 50) as order_status,
        orders_meaning(order_status, payment_status, cancelled_at, is_test, is_live) as meaning,
        orders_currency(currency, total_amount) as currency,
        orders_order_date_written(order_date) as order_date_text,
        orders_total_amount_written(total_amount) as total_amount_text,
        orders_refunded_amount_written(refunded_amount) as refunded_amount_text,
        orders_discount_percent_written(discount_percent) as discount_percent_text,
        orders_shipping_cost_written(shipping_cost) as shipping_cost_text
    from staging.orders
),

orders_without_amount as (
    select order_id
    from staged
    where total_amount_text is null
),

-- The engine does not read the lines if every order has its amount.
item_totals as (
    select
        order_id,
        sum(line_total) as total_amount,
        count_if(line_total >= 0) as lines_sold
    from staging.checked_order_items
    where reason is null and order_id in (select order_id from orders_without_amount)
    group by order_id
),

typed as not materialized (
    select
        row_number,
        staged.order_id,
        customer_id,
        order_status,
        meaning,
        currency,
        order_date_text,
        orders_order_date(order_date_text) as order_date,
        total_amount_text,
        refunded_amount_text,
        orders_refunded_amount(refunded_amount_text) as refunded_amount,
        item_totals.lines_sold > 0 as has_sold_lines,
        case
            when total_amount_text is not null
                then signed_amount(orders_total_amount(total_amount_text), meaning = 'refund row')
            when item_totals.total_amount is not null then try_cast(item_totals.total_amount as decimal(18, 4))
            when getvariable('without_amounts') then cast(0 as decimal(18, 4))
        end as amount_written,
        try_cast(orders_discount_percent(discount_percent_text) as decimal(5, 2)) as discount_percent,
        orders_shipping_cost(shipping_cost_text) as shipping_cost,
        parameters.today,
        parameters.last_possible_date
    from staged
    cross join parameters
    left join item_totals on item_totals.order_id = staged.order_id
),

amounts as not materialized (
    select
        * exclude (amount_written),
        cast(
            in_base_currency(
                case
                    when amount_written >= 0 then greatest(amount_written - coalesce(abs(refunded_amount), 0), 0)
                    else amount_written
                end,
                currency
            ) as decimal(18, 4)
        ) as total_amount
    from typed
),

-- Rows without an id are separate orders; their id comes from their content, so the order of rows does not matter.
identified as (
    select
        * exclude (order_id),
        'o_' || left(md5(concat_ws('|', customer_id, order_date, total_amount)), 16) || '_'
        || row_number() over (
            partition by customer_id, order_date, total_amount
            order by row_number
        ) as order_id
    from amounts
    where getvariable('derives_order_ids')
    union all by name
    select * from amounts
    where not getvariable('derives_order_ids')
),

checked as (
    select
        row_number,
        order_id,
        customer_id,
        order_status,
        currency,
        order_date,
        total_amount,
        discount_percent,
        shipping_cost,
        case
            when meaning not in ('sale', 'refund row') then 'no sale: ' || meaning
            when order_id is null then 'missing order id'
            when customer_id is null then 'no customer'
            when is_guest(customer_id) then 'guest'
            when length(order_id) > 256 or length(customer_id) > 256 then 'id longer than 256 characters'
            when is_left_out_currency(currency) then 'other currency'
            when order_date_text is null then 'missing date'
            when order_date is null then 'unreadable date'
            when order_date < date '1900-01-01' then 'date before 1900'
            when cast(order_date as date) > last_possible_date then 'date in the far future'
            when cast(order_date as date) > today then 'later than today'
            when total_amount_text is null and total_amount is null then 'missing amount'
            when total_amount is null and regexp_matches(cast(total_amount_text as varchar), '(?i)^[+-]?(nan|inf|infinity)$')
                then 'amount is NaN or infinite'
            when total_amount is null and abs(try_cast(total_amount_text as double)) >= 1000000000000
                then 'amount too large'
            when total_amount is null or (refunded_amount_text is not null and refunded_amount is null)
                then 'amount is not a number'
            when abs(total_amount) >= 1000000000000 then 'amount too large'
            when total_amount < 0 and meaning <> 'refund row' and getvariable('negative_sales_are_paid_out')
                then 'no sale: paid out'
            when meaning = 'refund row' or (total_amount < 0 and not coalesce(has_sold_lines, false)) then 'refund'
        end as reason
    from identified
)

select * from checked
