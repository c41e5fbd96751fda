-- A refund without a customer is one if the order that it names tells whose it is.
update staging.checked_orders
set reason = 'refund'
where
    reason in ('no customer', 'guest')
    and total_amount < 0
    and row_number in (select given_back.row_number from staging.given_back)
