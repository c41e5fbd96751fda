-- One row per order row that is a refund, and per order whose lines refund more than they sell: customer, time, amount
-- (positive), and the refunded order if it is known.
with given_back as (
    select
        order_id,
        customer_id,
        order_date,
        -total_amount as amount,
        row_number
    from staging.checked_orders
    where total_amount < 0 and (reason is null or reason = 'refund') and customer_id is not null and order_date is not null
),

sold as (
    select
        order_id,
        customer_id,
        order_date
    from staging.checked_orders
    where reason is null
),

-- A refund has its order's id, or that id behind a letter or two: C536379, R-1001.
by_id as (
    select
        given_back.order_id,
        given_back.row_number,
        min(sold.order_id) as wanted_order_id
    from given_back
    inner join sold
        on sold.order_id in (given_back.order_id, regexp_replace(given_back.order_id, '^[A-Za-z]{1,6}[-_ #]?', ''))
        and sold.customer_id = given_back.customer_id
    group by given_back.order_id, given_back.row_number
),

lines_given_back as (
    select
        given_back.order_id,
        given_back.customer_id,
        given_back.order_date,
        given_back.row_number,
        lines.product_id,
        lines.line_total
    from given_back
    inner join staging.checked_order_items as lines on lines.order_id = given_back.order_id
    where lines.line_total < 0 and lines.reason is null
),

lines_sold as (
    select
        sold.customer_id,
        sold.order_id,
        sold.order_date,
        lines.product_id
    from sold
    inner join staging.checked_order_items as lines on lines.order_id = sold.order_id
    where
        lines.line_total > 0
        and lines.reason is null
        and sold.customer_id in (select customer_id from lines_given_back)
),

by_product as (
    select
        lines_given_back.order_id,
        lines_given_back.row_number,
        arg_max(lines_sold.order_id, (lines_sold.order_date, lines_sold.order_id)) as wanted_order_id
    from lines_given_back
    inner join lines_sold
        on lines_sold.customer_id = lines_given_back.customer_id
        and lines_sold.product_id = lines_given_back.product_id
        and lines_sold.order_date <= lines_given_back.order_date
    group by lines_given_back.order_id, lines_given_back.row_number
),

refunds as (
    select
        given_back.customer_id,
        given_back.order_id,
        given_back.order_date,
        given_back.amount,
        coalesce(by_id.wanted_order_id, by_product.wanted_order_id) as wanted_order_id
    from given_back
    left join by_id on by_id.order_id = given_back.order_id and by_id.row_number = given_back.row_number
    left join by_product on by_product.order_id = given_back.order_id and by_product.row_number = given_back.row_number
)

select * from refunds
