-- One row per new product of the log as an import reads it.
with fed as (
    select
        * replace (
            try_cast(price as decimal(18, 4)) as price,
            try_cast(stock_quantity as integer) as stock_quantity
        )
    from log_new_products
)

select * from fed
order by product_id
