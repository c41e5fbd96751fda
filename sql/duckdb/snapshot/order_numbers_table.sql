-- One row per order whose number in the files is used by several orders: its id here, and that number.
create table raw.order_numbers (order_id varchar, number varchar)
