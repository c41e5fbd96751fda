-- One row per pair that an order with lines of the small shop has, as sql/portable/tables/purchased_pairs.sql gives it.
with recounted as (
    select recounted_pairs.*
    from recounted_pairs
    inner join added_pairs
        on added_pairs.customer_id = recounted_pairs.customer_id and added_pairs.product_id = recounted_pairs.product_id
    where added_pairs.must_recount
)

select * exclude (must_recount)
from added_pairs
where not must_recount
union all by name
select * from recounted
