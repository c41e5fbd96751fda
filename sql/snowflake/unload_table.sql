-- One row, the number of rows unloaded: writes a table of the session as Parquet files on the user's stage, with the names
-- of its columns.
copy into blank_stage
from blank_table
file_format = (type = parquet)
header = true
max_file_size = 134217728
