-- One row per customer and product bought up to an earlier day, as `purchased_pairs` has it as of that day, from its rows of
-- today: most pairs were bought for the last time before that day, and are as they were.
-- Values: the as-of date. Reads interactive.purchased_pairs as of today, and the relation pairs_bought_again: the rows, as of
-- the day, of products that a customer bought up to it and again after it.
with parameters as (
    select cast(? as date) as as_of_date
)

select purchased_pairs.*
from interactive.purchased_pairs as purchased_pairs
cross join parameters
where cast(purchased_pairs.last_order_date as date) <= parameters.as_of_date
union all
select *
from pairs_bought_again
