-- One row per order of the previous snapshot that stays beside those of the files: its id then and now, and its number.
create table staging.staying_orders (
    earlier_id varchar,
    order_id varchar,
    number varchar,
    customer_id varchar,
    order_date timestamp
)
