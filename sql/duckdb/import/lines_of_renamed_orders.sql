-- One row per checked order line, with the id of its order where that changed because of an order that stays.
select lines.* replace (coalesce(renamed_orders.new_order_id, lines.order_id) as order_id)
from staging.lines_of_files as lines
left join staging.renamed_orders on renamed_orders.is_in_files and renamed_orders.order_id = lines.order_id
