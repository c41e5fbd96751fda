-- One row per order whose number is used by several orders: its id, and the number.
create table staging.order_numbers (order_id varchar, number varchar)
