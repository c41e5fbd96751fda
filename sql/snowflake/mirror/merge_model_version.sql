-- One row per version: made once, after its files are on the stage. Values: model, version, when it was created, when it
-- was mirrored, its note, card and files.
merge into models.model_versions as known
using (
    select
        cast(? as varchar) as model,
        cast(? as varchar) as version,
        cast(? as timestamp) as created_at,
        cast(? as timestamp) as pushed_at,
        cast(? as varchar) as note,
        cast(? as varchar) as card,
        cast(? as varchar) as files,
        false as is_champion
) as given
    on known.model = given.model and known.version = given.version
when not matched then insert (model, version, created_at, pushed_at, note, card, files, is_champion)
    values (
        given.model, given.version, given.created_at, given.pushed_at, given.note, given.card, given.files,
        given.is_champion
    )
