-- Dynamic tables are refreshed by what has changed, which their base tables have to keep. Only the table's owner may say so.
alter table blank_table set change_tracking = true
