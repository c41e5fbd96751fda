-- What a customer is known by: an id as it is, an e-mail address without its case.
create temp macro customer_key(t) as case
    when contains(t, '@') then lower(clean_id(t))
    else clean_id(t)
end
