-- The law of the shop's customers, one row a customer segment. Everything that can be known about a customer's
-- buying without seeing the customer: the share of the segment, the gamma law of purchase rates (shape, mean in
-- orders per operational day), the beta law of dropout probabilities, and the ranges of order totals and lines.
create table demo.population as
select *
from (
  values
    ('Premium', 0.00, 0.66, 3, 0.0480, 0.12, 0.48, 500.0, 3000.0, 3, 8),
    ('Standard', 0.66, 0.87, 3, 0.0300, 0.12, 0.48, 100.0, 800.0, 2, 5),
    ('Basic', 0.87, 1.00, 3, 0.0200, 0.12, 0.48, 20.0, 300.0, 1, 3)
) as law (
  customer_segment, share_from, share_to, rate_shape, mean_rate, dropout_a, dropout_b,
  lowest_total, highest_total, fewest_lines, most_lines
)
