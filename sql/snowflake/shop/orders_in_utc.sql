-- One row per order of a warehouse whose times have zones: the day of an order is the one in UTC, whatever the session's zone is.
select * replace (cast(convert_timezone('UTC', order_date) as timestamp_ntz) as order_date)
from blank_orders
