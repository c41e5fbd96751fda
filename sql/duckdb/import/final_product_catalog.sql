-- One row per usable row of the staged file, repeated ones merged.
with usable as (
    select * exclude (row_number, reason, is_repeated)
    from staging.checked_product_catalog
    where reason is null and not is_repeated and not is_charge(product_id)
)

select * from usable
order by product_id
