drop role if exists blank_role
