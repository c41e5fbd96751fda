-- The score that a model ranks by, from its features in the order of its card: its log-odds and its ranking trees.
create or replace function blank_object(blank_parameters)
returns float
immutable
comment = 'churn-mcp: the score that a model ranks by'
as
$$
blank_score + blank_ranking
$$
