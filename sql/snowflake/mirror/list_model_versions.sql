-- One row per version that was mirrored, newest first within its model.
select
    model,
    version,
    note,
    is_champion
from models.model_versions
order by model, version desc
