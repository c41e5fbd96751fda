-- For those who only ask: the table that a single customer is found in.
grant select on table interactive.customer_order_analytics to role blank_role
