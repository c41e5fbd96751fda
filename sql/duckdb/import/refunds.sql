-- One row per refund: customer, time, amount (positive), and the refunded order if it is known.
-- A refund has its order's number, or that number behind a letter or two: C536379, R-1001. Of a number that is used again,
-- it is the latest order before the refund.
with numbered as (
    select
        *,
        regexp_replace(order_id, '^[A-Za-z]{1,6}[-_ #]?', '') as number
    from staging.given_back
),

by_number as (
    select
        numbered.row_number,
        coalesce(
            arg_max(sold.order_id, (sold.order_date, sold.order_id)) filter (sold.order_date <= numbered.order_date),
            min(sold.order_id)
        ) as order_id
    from numbered
    inner join staging.sold_orders as sold
        on sold.number in (numbered.order_id, numbered.number) and sold.customer_id = numbered.customer_id
    group by numbered.row_number
),

-- The lines of a refund have its id; the order of one whose lines give back more than they sell is its own.
by_id as (
    select
        numbered.row_number,
        min(sold.order_id) as order_id
    from numbered
    inner join staging.sold_orders as sold
        on sold.order_id = numbered.order_id and sold.customer_id = numbered.customer_id
    group by numbered.row_number
),

lines_given_back as (
    select
        numbered.order_id,
        numbered.customer_id,
        numbered.order_date,
        numbered.row_number,
        lines.product_id
    from numbered
    inner join staging.checked_order_items as lines on lines.order_id = numbered.order_id
    where lines.line_total < 0 and lines.reason is null and numbered.row_number > 0
),

by_product as (
    select
        lines_given_back.row_number,
        arg_max(sold.order_id, (sold.order_date, sold.order_id)) as order_id
    from lines_given_back
    inner join staging.sold_lines as sold
        on sold.customer_id = lines_given_back.customer_id
        and sold.product_id = lines_given_back.product_id
        and sold.order_date <= lines_given_back.order_date
    where sold.customer_id in (select customer_id from lines_given_back)
    group by lines_given_back.row_number
),

refunds as (
    select
        numbered.customer_id,
        numbered.order_id,
        numbered.order_date,
        numbered.amount,
        coalesce(by_id.order_id, by_number.order_id, by_product.order_id, numbered.known_order_id) as wanted_order_id
    from numbered
    left join by_id on by_id.row_number = numbered.row_number
    left join by_number on by_number.row_number = numbered.row_number
    left join by_product on by_product.row_number = numbered.row_number
)

select * from refunds
