-- One row: the last frame of the log that is folded into this snapshot.
select cast(frame as double) as frame
from ingest.position
