-- The law of the shop's customers, one row per customer segment. Everything that can be known about a customer's
-- buying without seeing the customer: the share of the segment, the gamma law of purchase rates (shape, mean in
-- orders per operational day), the beta law of dropout probabilities, and the ranges of order totals and lines.
create table demo.population as
select *
from (
    values
        ('Premium', 0.00, 0.74, 12, 0.0420, 0.08, 0.22, 500.0, 3000.0, 3, 8),
        ('Standard', 0.74, 0.91, 12, 0.0330, 0.08, 0.22, 100.0, 800.0, 2, 5),
        ('Basic', 0.91, 1.00, 12, 0.0235, 0.08, 0.22, 20.0, 300.0, 1, 3)
) as law (
    customer_segment, share_from, share_to, rate_shape, mean_rate, dropout_a, dropout_b,
    lowest_total, highest_total, fewest_lines, most_lines
)
