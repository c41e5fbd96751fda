-- One row: refunds, what was subtracted from orders, and what could not be, because its order is not in the shop. Amounts are in
-- ten-thousandths.
with given_back as (
    select
        count(*) as refunds,
        coalesce(sum(cast(amount * 10000 as bigint)), 0) as amount
    from raw.refunds
),

parts as (
    select coalesce(sum(cast(amount * 10000 as bigint)), 0) as amount
    from raw.refund_parts
)

select
    given_back.refunds,
    cast(parts.amount as varchar) as taken_off,
    cast(given_back.amount - parts.amount as varchar) as without_order
from given_back
cross join parts
