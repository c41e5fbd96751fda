-- One row per attribute: how many customers have it, how many values there are, and which are most frequent.
with counted as (
    select
        attribute,
        value,
        count(*) as customers
    from raw.customer_attributes
    group by attribute, value
),

ranked as (
    select
        *,
        row_number() over (
            partition by attribute
            order by customers desc, value
        ) as position
    from counted
),

attributes as (
    select
        attribute,
        cast(sum(customers) as bigint) as customers,
        count(*) as distinct_values,
        list(value order by position) filter (position <= 4) as most_frequent
    from ranked
    group by attribute
)

select * from attributes
order by attribute
