update staging.checked_orders
set order_id = renamed_rows.new_order_id
from staging.renamed_rows
where renamed_rows.row_number = checked_orders.row_number
