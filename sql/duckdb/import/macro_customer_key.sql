-- The key of a customer: an id unchanged, an e-mail address in lower case.
create temp macro customer_key(t) as clean_id(case when contains(t, '@') then lower(t) else t end)
