-- Untrusted text as answers show it, in JavaScript: one line, bounded, with nothing hidden in it and no markup.
create or replace function blank_object(t varchar)
returns varchar
language javascript
immutable
comment = 'churn-mcp: untrusted text as answers show it'
as
$$
blank_body
$$
