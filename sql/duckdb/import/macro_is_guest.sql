-- Whether a customer's id stands for whoever has no account.
create temp macro is_guest(customer) as list_contains(getvariable('guest_ids'), lower(customer))
