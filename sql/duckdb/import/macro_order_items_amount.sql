-- The amount of a line: its own total or quantity times price minus the discount, as the variable line_amount says.
create temp macro order_items_amount(quantity, price, discount, total) as case getvariable('line_amount')
    when 'total' then coalesce(total, discounted(quantity, price, discount))
    when 'total less discount' then coalesce(discounted(1, total, discount), discounted(quantity, price, discount))
    else coalesce(discounted(quantity, price, discount), total)
end
