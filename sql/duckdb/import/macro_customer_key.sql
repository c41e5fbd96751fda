-- The key of a customer: an id unchanged, an e-mail address in lower case.
create temp macro customer_key(t) as case
    when contains(t, '@') then lower(clean_id(t))
    else clean_id(t)
end
