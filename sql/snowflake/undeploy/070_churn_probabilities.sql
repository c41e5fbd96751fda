drop view if exists blank_object
