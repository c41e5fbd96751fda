-- One row: what Snowflake knows of a version, its files, and whether it is the champion. Values: model, version.
select
    files,
    is_champion
from models.model_versions
where model = ? and version = ?
