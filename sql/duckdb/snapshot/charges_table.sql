-- One row per line that is a charge: postage, fees, vouchers, samples. It is part of its order's total; only imports read it.
create table raw.charges (
    order_id varchar,
    product_id varchar,
    product_name varchar,
    quantity decimal(18, 4),
    unit_price decimal(18, 4),
    line_total decimal(18, 4)
)
