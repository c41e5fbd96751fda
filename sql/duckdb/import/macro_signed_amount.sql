-- An amount that was given back is negative, however it is written.
create temp macro signed_amount(amount, is_given_back) as case when is_given_back then -abs(amount) else amount end
