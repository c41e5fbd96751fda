-- The group of each matched customer: one row per customer.
-- Values: what groups them ('segment', 'customer_segment', the name of an attribute that the import kept, or null for one group
-- of all), and the day. An attribute that changed has its latest value of the day. Reads the relation customers_matched,
-- which the caller puts before it.
with parameters as (
    select
        cast(? as varchar) as grouped_by,
        cast(? as date) as as_of_date
),

customer_attributes as (
    select * from raw.customer_attributes
),

latest as (
    select
        customer_attributes.customer_id,
        customer_attributes.value
    from customer_attributes
    inner join parameters
        on customer_attributes.attribute = parameters.grouped_by
    where
        customer_attributes.order_date is null
        or cast(customer_attributes.order_date as date) <= parameters.as_of_date
    qualify row_number() over (
        partition by customer_attributes.customer_id
        order by customer_attributes.order_date desc nulls last, customer_attributes.value
    ) = 1
)

select
    customers_matched.customer_id,
    case
        when parameters.grouped_by is null then 'all'
        when parameters.grouped_by = 'segment' then customers_matched.segment
        when parameters.grouped_by = 'customer_segment' then customers_matched.customer_segment
        else latest.value
    end as group_name
from customers_matched
cross join parameters
left join latest
    on customers_matched.customer_id = latest.customer_id
