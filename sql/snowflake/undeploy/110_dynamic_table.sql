drop dynamic table if exists blank_object
