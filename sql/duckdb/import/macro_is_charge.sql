-- Whether a line is a charge and not a product: postage, a fee, a voucher or a sample.
create temp macro is_charge(product) as case
    when getvariable('has_charges') then product in (select charges.product_id from staging.charges)
    else false
end
