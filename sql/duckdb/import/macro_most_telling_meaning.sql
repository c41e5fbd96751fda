-- The meaning of a row by several columns: a refund, else any reason why it is no sale, else a sale.
create temp macro most_telling_meaning(a, b, c, d) as case
    when a = 'refund row' or b = 'refund row' then 'refund row'
    else coalesce(nullif(a, 'sale'), nullif(b, 'sale'), c, d, a, b)
end
