-- One row: of each table of the shop a token that is another one once the table, or one that a view reads, has changed. It is
-- known without reading the table. A table that the shop does not have is that of its orders.
select
    system$last_change_commit_time(blank_customers) as customers,
    system$last_change_commit_time(blank_orders) as orders,
    system$last_change_commit_time(blank_order_items) as order_items,
    system$last_change_commit_time(blank_product_catalog) as product_catalog
