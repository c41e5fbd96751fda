-- The currency of a row of orders, in capitals.
create temp macro orders_currency(currency) as case
    when getvariable('orders_has_currency') and not says_missing(trim(currency)) then upper(clean_text(currency, 20))
end
