update staging.corrected_orders
set file_order_id = renamed_orders.new_order_id
from staging.renamed_orders
where renamed_orders.is_in_files and renamed_orders.order_id = corrected_orders.file_order_id
