-- One row per refund: kept beside the orders it was taken off, so that a later import can take it off anew.
create table raw.refunds (
    order_id varchar,
    customer_id varchar,
    order_date timestamp,
    amount decimal(18, 4),
    wanted_order_id varchar
)
