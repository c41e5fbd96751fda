-- Value bound: a JSON list of orders and amounts in ten-thousandths.
insert into raw.refund_parts
select
    unnested ->> 'order_id',
    cast(cast(unnested ->> 'amount' as decimal(22, 0)) * cast(0.0001 as decimal(5, 4)) as decimal(18, 4))
from (select unnest(cast(? as json[])) as unnested)
