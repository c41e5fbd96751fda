-- One row per currency that orders or lines name: how many rows do.
with named as (
    select upper(clean_text(currency, 20)) as currency
    from staging.orders
    where currency is not null
    union all
    select upper(clean_text(currency, 20))
    from staging.order_items
    where currency is not null
),

currencies as (
    select currency, count(*) as row_count
    from named
    where not says_missing(currency)
    group by currency
)

select * from currencies
order by row_count desc, currency
limit 200
