insert into earlier.raw.orders
select * exclude (place)
from earlier.nearby_orders
where
    cast(customer_id as varchar) in (
        select given_back.customer_id
        from staging.given_back
        union
        select refunds_taken_back.customer_id
        from staging.refunds_taken_back
    )
    and order_id not in (select orders.order_id from earlier.raw.orders)
