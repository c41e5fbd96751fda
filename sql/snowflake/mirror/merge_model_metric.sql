-- One row per figure of a version. Values: model, version, the figure's name and value.
merge into models.model_metrics as known
using (
    select
        cast(? as varchar) as model,
        cast(? as varchar) as version,
        cast(? as varchar) as metric,
        cast(? as double) as value
) as given
    on known.model = given.model and known.version = given.version and known.metric = given.metric
when not matched then insert (model, version, metric, value)
    values (given.model, given.version, given.metric, given.value)
