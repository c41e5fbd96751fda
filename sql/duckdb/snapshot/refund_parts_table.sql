-- One row per order with refunds in separate rows: how much was subtracted from its amount.
create table raw.refund_parts (order_id varchar, amount decimal(18, 4))
