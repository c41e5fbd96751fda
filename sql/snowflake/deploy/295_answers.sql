-- One row per question that churn-mcp has answered for those who ask inside Snowflake: the tool, whom or what it was asked about,
-- and the text that the tool gives.
create table if not exists models.answers (
    tool varchar not null,
    subject varchar not null,
    answer varchar not null,
    answered_at timestamp_ntz not null,
    primary key (tool, subject)
)
comment = 'churn-mcp: answers of its tools'
