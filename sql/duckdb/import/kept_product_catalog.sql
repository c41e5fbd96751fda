-- One row per product of the previous snapshot that is not in the files.
with kept as (
    select product_catalog.* replace (cast(product_catalog.product_id as varchar) as product_id)
    from earlier.raw.product_catalog
    where
        cast(product_catalog.product_id as varchar) not in (
            select product_id from staging.checked_product_catalog where reason is null
        )
)

select * from kept
