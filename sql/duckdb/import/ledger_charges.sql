-- One row per charge: its lines and their total.
with charges as (
    select
        product_id,
        min(product_name) as product_name,
        count(*) as lines,
        sum(line_total) as amount
    from staging.used_order_items
    where is_charge
    group by product_id
)

select
    product_id,
    product_name,
    lines,
    cast(amount as varchar) as amount
from charges
order by lines desc, product_id
