-- One row per answer: where answers wait until all are there. A table of the session, which nobody else sees.
create or replace temporary table churn_mcp_new_answers (
    tool varchar not null,
    subject varchar not null,
    answer varchar not null
)
