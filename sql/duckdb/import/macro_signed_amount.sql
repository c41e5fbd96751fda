-- The amount of a refund as a negative number, however it is written.
create temp macro signed_amount(amount, is_given_back) as case when is_given_back then -abs(amount) else amount end
