-- For those who pull versions onto another machine: the files.
grant read on stage models.model_files to role blank_role
