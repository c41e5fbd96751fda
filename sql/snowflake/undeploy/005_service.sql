drop service if exists blank_service
