-- The meaning of a row of order_items: 'sale', 'refund row' or why it is no sale; NULL if it has no status.
-- The variables hold what each word of its status columns means.
create temp macro order_items_meaning(order_status, payment_status, cancelled_at, is_test, is_live) as case
    when getvariable('order_items_has_statuses')
        then
            most_telling_meaning(
                getvariable('order_items_order_status')[trim(order_status)],
                getvariable('order_items_payment_status')[trim(payment_status)],
                case when says_cancelled(trim(cancelled_at)) then 'cancelled' end,
                case when says_yes(trim(is_test)) or says_no(trim(is_live)) then 'test' end
            )
end
