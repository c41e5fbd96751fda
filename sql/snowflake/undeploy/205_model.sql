drop model if exists blank_object
