-- One row per address of a service.
show endpoints in service blank_service
