-- One row per checked order line, with the id of its use where an order's number is used again.
select lines.* replace (coalesce(renamed_rows.new_order_id, lines.order_id) as order_id)
from staging.read_order_items as lines
left join staging.renamed_rows on renamed_rows.row_number = lines.row_number
