drop procedure if exists blank_object(blank_types)
