-- The model's file, onto the stage that the function of the next step imports it from.
put blank_file blank_folder auto_compress = false overwrite = true
