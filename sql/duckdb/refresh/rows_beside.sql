-- One row: how many rows of each shop table of the previous snapshot are not in the small shop.
select
    (select count(*) from current.raw.orders) - (select count(*) from earlier.raw.orders) as orders,
    (select count(*) from current.raw.order_items) - (select count(*) from earlier.raw.order_items) as order_items,
    (select count(*) from current.raw.customers) - (select count(*) from earlier.raw.customers) as customers,
    (select count(*) from current.raw.product_catalog) - (select count(*) from earlier.raw.product_catalog) as product_catalog
