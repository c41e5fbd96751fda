-- One row per use of an order id whose lines name several customers, or lie more than 30 days apart: a number that is used
-- again is another order. The first use keeps the id, the others get their first day beside it. What is given back later
-- is no use of its own. Reads staging.reused_rows(row_number, order_id, customer_id, order_date, amount).
with sold as (
    select *
    from staging.reused_rows
    where order_date is not null and coalesce(amount, 0) >= 0
),

stepped as (
    select
        *,
        not is_near(
            order_date,
            lag(order_date) over (
                partition by order_id, customer_id
                order by order_date, row_number
            )
        ) as is_another
    from sold
),

numbered as (
    select
        *,
        count_if(is_another) over (
            partition by order_id, customer_id
            order by order_date, row_number
        ) as use
    from stepped
),

uses as (
    select
        order_id,
        customer_id,
        min(order_date) as first_date,
        max(order_date) as last_date
    from numbered
    group by order_id, customer_id, use
),

order_uses as (
    select
        *,
        case
            when row_number() over (partition by order_id order by first_date, customer_id) = 1 then order_id
            else order_id || ' (' || strftime(first_date, '%Y-%m-%d') || ')'
        end as new_order_id
    from uses
)

select * from order_uses
