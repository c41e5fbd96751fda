-- Whether two times are near enough for rows of one order: more than 30 days apart, the same number is another order. A time
-- that is NULL is near.
create temp macro is_near(one, other) as (greatest(one, other) <= least(one, other) + interval 30 days)
