-- One row per staged order, typed, with the reason why it cannot be used, NULL where it can.
-- Values bound: the last date that an order can have; whether order ids are derived from the content;
-- whether orders without an amount count as zero.
with parameters as (
    select
        cast(? as date) as last_possible_date,
        cast(? as boolean) as derives_ids,
        cast(? as boolean) as without_amounts
),

staged as (
    select
        row_number,
        order_id_of(order_id) as order_id,
        customer_id_of(customer_id) as customer_id,
        clean_text(order_status, 50) as order_status,
        orders_order_date_written(order_date) as order_date_text,
        orders_total_amount_written(total_amount) as total_amount_text,
        orders_discount_percent_written(discount_percent) as discount_percent_text,
        orders_shipping_cost_written(shipping_cost) as shipping_cost_text
    from staging.orders
),

orders_without_amount as (
    select order_id
    from staged
    where total_amount_text is null
),

-- The engine does not look at the lines where every order has its amount.
item_totals as (
    select
        order_id,
        sum(line_total) as total_amount
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
        order_date_text,
        orders_order_date(order_date_text) as order_date,
        total_amount_text,
        case
            when total_amount_text is not null then orders_total_amount(total_amount_text)
            when item_totals.total_amount is not null then try_cast(item_totals.total_amount as decimal(18, 4))
            when parameters.without_amounts then cast(0 as decimal(18, 4))
        end as total_amount,
        try_cast(orders_discount_percent(discount_percent_text) as decimal(5, 2)) as discount_percent,
        orders_shipping_cost(shipping_cost_text) as shipping_cost,
        parameters.derives_ids,
        parameters.last_possible_date
    from staged
    cross join parameters
    left join item_totals on item_totals.order_id = staged.order_id
),

-- Rows without an id are orders of their own; what they hold makes a name that no order of rows changes.
identified as (
    select
        * exclude (order_id),
        'o_' || left(md5(concat_ws('|', customer_id, order_date, total_amount)), 16) || '_'
        || row_number() over (
            partition by customer_id, order_date, total_amount
            order by row_number
        ) as order_id
    from typed
    where derives_ids
    union all by name
    select * from typed
    where not derives_ids
),

checked as (
    select
        row_number,
        order_id,
        customer_id,
        order_status,
        order_date,
        total_amount,
        discount_percent,
        shipping_cost,
        case
            when order_id is null then 'missing order id'
            when customer_id is null then 'missing customer'
            when length(order_id) > 256 or length(customer_id) > 256 then 'id longer than 256 characters'
            when is_cancellation(order_id) then 'return or cancellation'
            when order_date_text is null then 'missing date'
            when order_date is null then 'unreadable date'
            when order_date < date '1900-01-01' then 'date before 1900'
            when cast(order_date as date) > last_possible_date then 'date in the far future'
            when total_amount_text is null and total_amount is null then 'missing amount'
            when total_amount is null and regexp_matches(cast(total_amount_text as varchar), '(?i)^[+-]?(nan|inf|infinity)$')
                then 'amount is NaN or infinite'
            when total_amount is null and abs(try_cast(total_amount_text as double)) >= 1000000000000
                then 'amount too large'
            when total_amount is null then 'amount is not a number'
            when total_amount < 0 then 'negative amount'
            when total_amount >= 1000000000000 then 'amount too large'
        end as reason
    from identified
)

select * from checked
