-- A model's probability, from its features in the order of its card.
create or replace function blank_object(blank_parameters)
returns float
immutable
comment = 'churn-mcp: the probability by a model'
as
$$
1 / (1 + exp(-blank_score))
$$
