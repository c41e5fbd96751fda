-- One row per checked order line with an order id, and the number of its file.
select
    checked.order_id,
    checked.order_item_id as line_id,
    checked.customer_id,
    checked.order_date,
    checked.reason,
    files.file_number
from staging.checked_order_items as checked
inner join staging.files
    on files.file_table = 'order_items'
    and checked.row_number > files.rows_before
    and checked.row_number <= files.rows_before + files.row_count
where checked.order_id is not null
