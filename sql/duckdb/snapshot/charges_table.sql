-- One row per line that sells no product: postage, fees, vouchers, samples. It counts in its order, and nothing else reads it.
create table raw.charges (
    order_id varchar,
    product_id varchar,
    product_name varchar,
    quantity decimal(18, 4),
    unit_price decimal(18, 4),
    line_total decimal(18, 4)
)
