-- One row per version that was mirrored: its card, and the SHA-256 and size of each of its files on the stage.
create table if not exists models.model_versions (
    model varchar not null,
    version varchar not null,
    created_at timestamp_ntz not null,
    pushed_at timestamp_ntz not null,
    note varchar,
    card varchar not null,
    files varchar not null,
    is_champion boolean not null,
    primary key (model, version)
)
comment = 'churn-mcp: the versions of models'
