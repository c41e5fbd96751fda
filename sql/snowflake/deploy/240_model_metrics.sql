-- The figures of each version, one per row, for dashboards in the warehouse.
create table if not exists models.model_metrics (
    model varchar not null,
    version varchar not null,
    metric varchar not null,
    value double,
    primary key (model, version, metric)
)
comment = 'churn-mcp: the figures of each version'
