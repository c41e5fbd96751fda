update staging.file_orders
set order_id = renamed_orders.new_order_id
from staging.renamed_orders
where renamed_orders.is_in_files and renamed_orders.order_id = file_orders.order_id
