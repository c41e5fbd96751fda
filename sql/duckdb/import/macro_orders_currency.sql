-- The currency of a row of orders, in capitals: what its column says, else the mark of its amount if amounts have several.
create temp macro orders_currency(currency, amount) as case
    when getvariable('orders_has_currency') and not says_missing(trim(currency)) then upper(clean_text(currency, 20))
    when getvariable('orders_has_currency_marks') then currency_mark(cast(amount as varchar))
end
