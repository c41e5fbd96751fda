update staging.staying_orders
set order_id = renamed_orders.new_order_id
from staging.renamed_orders
where not renamed_orders.is_in_files and renamed_orders.order_id = staying_orders.order_id
