-- The group of each matched customer: one row per customer.
-- Values: what groups them: 'segment', 'customer_segment', the name of an attribute that the import kept, or '' for one group of all.
-- Reads the relations customers_matched and latest_attributes (of that name), which the caller puts before it.
with parameters as (
    select cast(? as varchar) as grouped_by
)

select
    customers_matched.customer_id,
    case parameters.grouped_by
        when '' then 'all'
        when 'segment' then customers_matched.segment
        when 'customer_segment' then customers_matched.customer_segment
        else latest_attributes.value
    end as group_name
from customers_matched
cross join parameters
left join latest_attributes
    on customers_matched.customer_id = latest_attributes.customer_id
