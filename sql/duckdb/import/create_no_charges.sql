-- No row: the lines that sell no product, if no product is a charge.
create table raw.charges (
    order_id varchar,
    product_id varchar,
    product_name varchar,
    quantity decimal(18, 4),
    unit_price decimal(18, 4),
    line_total decimal(18, 4)
)
