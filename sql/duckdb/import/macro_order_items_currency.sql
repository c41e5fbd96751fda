-- The currency of a row of order_items, in capitals.
create temp macro order_items_currency(currency) as case
    when getvariable('order_items_has_currency') and not says_missing(trim(currency)) then upper(clean_text(currency, 20))
end
