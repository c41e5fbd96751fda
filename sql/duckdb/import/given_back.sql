-- One row per order row that is a refund, and per order whose lines refund more than they sell: customer, time and amount
-- (positive).
with given_back as (
    select
        order_id,
        customer_id,
        order_date,
        cast(-total_amount as decimal(18, 4)) as amount,
        row_number,
        cast(null as varchar) as known_order_id
    from staging.checked_orders
    where total_amount < 0 and (reason is null or reason = 'refund') and customer_id is not null and order_date is not null
)

select * from given_back
