-- All orders of some customers: one row per order. Reads the relation active_customers. Values: none.
select * from raw.orders
where customer_id in (select customer_id from active_customers)
