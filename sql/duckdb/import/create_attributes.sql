-- One row per attribute of this import; its position is that of its values in the lists of the staged rows.
create table staging.attributes (position bigint, attribute varchar)
