-- One row: the day that serving tables inside Snowflake are of. Orders may be newer than these.
select max(last_order_date) from interactive.customer_segments
