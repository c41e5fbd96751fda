-- One row per order of which something was given back, besides what its own rows say.
create table staging.refund_parts (order_id varchar, amount decimal(18, 4))
