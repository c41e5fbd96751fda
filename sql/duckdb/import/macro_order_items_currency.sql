-- The currency of a row of order_items, in capitals: what its column says, else the mark of its amount if amounts have several.
create temp macro order_items_currency(currency, amount) as case
    when getvariable('order_items_has_currency') and not says_missing(trim(currency)) then upper(clean_text(currency, 20))
    when getvariable('order_items_has_currency_marks') then currency_mark(cast(amount as varchar))
end
