-- An amount in the currency of the shop. The variable has_currency_rates says whether any has to be converted.
create temp macro in_base_currency(amount, currency) as case
    when getvariable('has_currency_rates')
        then
            try_cast(
                amount * coalesce(getvariable('currency_rates')[currency], getvariable('currency_rates')['']) as decimal(18, 4)
            )
    else amount
end
