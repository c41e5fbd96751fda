-- One row per customer, attribute, order and value in the files: of the order's rows and of its lines. order_date is NULL
-- for a row of the file of customers.
with orders as (
    select
        checked_orders.customer_id,
        checked_orders.order_date,
        checked_orders.order_id,
        source.attributes
    from staging.orders as source
    inner join staging.checked_orders on checked_orders.row_number = source.row_number
    where checked_orders.reason is null
),

-- Nearly all lines of an order say the same, so they are merged before their values are cleaned.
lines as (
    select distinct order_id, attributes
    from staging.checked_order_items
    where reason is null
),

order_items as (
    select
        checked_orders.customer_id,
        checked_orders.order_date,
        checked_orders.order_id,
        lines.attributes
    from lines
    inner join staging.checked_orders on checked_orders.order_id = lines.order_id
    where checked_orders.reason is null
),

customers as (
    select
        checked_customers.customer_id,
        cast(null as timestamp) as order_date,
        cast(null as varchar) as order_id,
        source.attributes
    from staging.customers as source
    inner join staging.checked_customers on checked_customers.row_number = source.row_number
    where checked_customers.reason is null
),

rows_of_files as (
    select * from orders
    union all
    select * from order_items
    union all
    select * from customers
),

said as (
    select
        customer_id,
        order_date,
        order_id,
        unnest(attributes) as written,
        generate_subscripts(attributes, 1) as position
    from rows_of_files
),

cleaned as (
    select
        said.customer_id,
        attributes.attribute,
        clean_text(said.written, 100) as value,
        said.order_date,
        said.order_id
    from said
    inner join staging.attributes on attributes.position = said.position
    where said.written is not null and not says_missing(trim(said.written))
)

select * from cleaned
where value is not null
