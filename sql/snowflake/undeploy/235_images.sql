drop image repository if exists blank_repository
