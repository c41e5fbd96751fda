-- One row: the last frame of the log that is folded into the previous snapshot, and the day of that refresh.
select
    cast(frame as bigint) as frame,
    cast(refreshed_on as varchar) as refreshed_on
from earlier.ingest.position
