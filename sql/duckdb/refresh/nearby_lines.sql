-- One row per line of the nearby customers, as far as tables read it: those that the import read, and those that stay.
select
    order_id,
    product_id,
    quantity,
    line_total
from next.raw.order_items
union all
select
    order_id,
    product_id,
    quantity,
    line_total
from earlier.staying_lines
