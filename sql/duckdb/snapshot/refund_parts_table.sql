-- One row per order of which something was given back by rows of their own: how much of its amount that took.
create table raw.refund_parts (order_id varchar, amount decimal(18, 4))
