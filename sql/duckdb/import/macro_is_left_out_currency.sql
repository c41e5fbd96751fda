-- Whether an order is of a currency that was not chosen.
create temp macro is_left_out_currency(currency) as case
    when getvariable('has_left_out_currencies')
        then currency is not null and getvariable('currency_rates')[currency] is null
    else false
end
