-- One row per nearby customer and product bought, as sql/portable/tables/purchased_pairs.sql gives it.
with staying as (
    select earlier_pairs.*
    from earlier.interactive.purchased_pairs as earlier_pairs
    anti join changed_units
        on changed_units.customer_id = earlier_pairs.customer_id and changed_units.product_id = earlier_pairs.product_id
)

select * from staying
union all by name
select * from pairs_now
