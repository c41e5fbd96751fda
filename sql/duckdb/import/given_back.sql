-- One row per order row that is a refund, and per order whose lines refund more than they sell: customer, time and amount
-- (positive). A refund that names an order and nobody who bought anything (a chargeback, which the bank sends) is of that order's
-- customer.
with refund_rows as (
    select *
    from staging.checked_orders
    where
        total_amount < 0 and order_date is not null and (reason is null or reason in ('refund', 'no customer', 'guest'))
),

-- Nothing is looked up for a shop without refunds.
sold as (
    select
        order_id,
        min(customer_id) as customer_id
    from staging.checked_orders
    where reason is null and total_amount >= 0 and exists (select 1 from refund_rows)
    group by order_id
    having min(customer_id) = max(customer_id)
),

given_back as (
    select
        refund_rows.order_id,
        case
            when refund_rows.customer_id in (select sold.customer_id from sold) then refund_rows.customer_id
            else coalesce(sold.customer_id, refund_rows.customer_id)
        end as customer_id,
        refund_rows.order_date,
        cast(-refund_rows.total_amount as decimal(18, 4)) as amount,
        refund_rows.row_number,
        cast(null as varchar) as known_order_id
    from refund_rows
    left join sold on sold.order_id = refund_rows.order_id
    where refund_rows.reason is null or refund_rows.reason = 'refund' or sold.order_id is not null
)

select * from given_back
where customer_id is not null
