-- Some trees of a model, added to the score of those before them, in JavaScript: no package is needed.
create or replace function blank_object(blank_parameters)
returns float
language javascript
immutable
comment = 'churn-mcp: some trees of a model'
as
$$
blank_body
$$
