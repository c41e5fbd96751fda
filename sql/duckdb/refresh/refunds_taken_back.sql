-- One row per refund of the previous snapshot that the log made and may not tell any more.
select distinct refunds.*
from earlier.raw.refunds
inner join log_refunds_before as before
    on before.order_id = refunds.order_id and is_near(before.order_date, refunds.order_date)
