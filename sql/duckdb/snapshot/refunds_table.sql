-- One row per refund: kept so that a later import can subtract it again.
create table raw.refunds (
    order_id varchar,
    customer_id varchar,
    order_date timestamp,
    amount decimal(18, 4),
    wanted_order_id varchar
)
