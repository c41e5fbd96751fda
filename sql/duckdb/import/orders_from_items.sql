-- One row per order that the staged lines name, with the reason why it cannot be used, NULL where it can.
-- An order's customer and date may stand on one of its lines only; its date is the earliest.
-- Value bound: the last date that an order can have.
with parameters as (
    select cast(? as date) as last_possible_date
),

lines as (
    select *
    from staging.checked_order_items
    where reason is null
),

grouped as (
    select
        order_id,
        min(row_number) as row_number,
        min(customer_id) as customer_id,
        count(distinct customer_id) as customers,
        min(order_status) as order_status,
        min(order_date) as order_date,
        min(order_date_text) as order_date_text,
        try_cast(sum(line_total) as decimal(18, 4)) as total_amount
    from lines
    group by order_id
),

checked as (
    select
        row_number,
        order_id,
        customer_id,
        customers,
        order_status,
        order_date,
        total_amount,
        cast(null as decimal(5, 2)) as discount_percent,
        cast(null as decimal(18, 4)) as shipping_cost,
        case
            when customer_id is null then 'missing customer'
            when order_date_text is null then 'missing date'
            when order_date is null then 'unreadable date'
            when order_date < date '1900-01-01' then 'date before 1900'
            when cast(order_date as date) > last_possible_date then 'date in the far future'
            when total_amount is null then 'missing amount'
            when total_amount >= 1000000000000 then 'amount too large'
        end as reason
    from grouped
    cross join parameters
)

select * from checked
