-- One row per customer and attribute: the value in a customers file, else the value in the latest order that has one.
with ranked as (
    select
        customer_id,
        attribute,
        value,
        order_date,
        row_number() over (
            partition by customer_id, attribute
            order by order_date is not null, order_date desc, order_id desc nulls last, value
        ) as position
    from staging.said_attributes
),

final as (
    select * exclude (position)
    from ranked
    where position = 1
)

select * from final
order by attribute, value, customer_id
