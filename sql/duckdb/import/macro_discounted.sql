-- Quantity times price minus the discount, as the variable discount_form says: a share, per cent, an amount of the line
-- or of each piece.
create temp macro discounted(quantity, price, discount) as case
    when discount is null or getvariable('discount_form') = 'none'
        then try_cast(cast(quantity as decimal(38, 4)) * price as decimal(18, 4))
    when getvariable('discount_form') = 'share'
        then try_cast(cast(quantity as double) * price * (1 - abs(cast(discount as double))) as decimal(18, 4))
    when getvariable('discount_form') = 'percent'
        then try_cast(cast(quantity as double) * price * (1 - abs(cast(discount as double)) / 100) as decimal(18, 4))
    when getvariable('discount_form') = 'piece'
        then try_cast(cast(quantity as decimal(38, 4)) * (price - abs(discount)) as decimal(18, 4))
    else
        try_cast(
            cast(quantity as decimal(38, 4)) * price - sign(quantity) * abs(discount) as decimal(18, 4)
        )
end
