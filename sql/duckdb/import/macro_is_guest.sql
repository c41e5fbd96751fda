-- Whether a customer id stands for guests without an account.
create temp macro is_guest(customer) as list_contains(getvariable('guest_ids'), lower(customer))
