-- One row: whether an import wrote any id in a way that only it knows, so that rows may meet others than those nearby, or gave an
-- order another id or customer that new rows are not about, or met a line that gives back a product of a customer whose lines it
-- did not read.
with customers_now as (
    select cast(customer_id as varchar) as customer_id from next.raw.orders
    union
    select cast(customer_id as varchar) from next.raw.customers
    union
    select customer_id from next.raw.refunds
),

strange_customers as (
    select customer_id
    from customers_now
    where customer_id not in (select cast(nearby_customers.customer_id as varchar) from nearby_customers)
),

strange_orders as (
    select number
    from staging.file_orders
    where number not in (select order_id from log_touched_orders)
),

strange_changes as (
    select
        order_id,
        customer_id
    from earlier.raw.orders
    where order_id not in (select renewed_orders.order_id from renewed_orders)
    except
    select
        order_id,
        customer_id
    from next.raw.orders
),

strange_lines as (
    select orders.customer_id
    from staging.checked_order_items as lines
    inner join staging.given_back as refunds on refunds.order_id = lines.order_id
    inner join earlier.raw.orders on cast(orders.customer_id as varchar) = refunds.customer_id
    where
        lines.line_total < 0
        and refunds.row_number > 0
        and orders.order_id not in (select renewed_orders.order_id from renewed_orders)
)

select
    exists (select 1 from strange_customers)
    or exists (select 1 from strange_orders)
    or exists (select 1 from strange_changes)
    or exists (select 1 from strange_lines) as is_true
