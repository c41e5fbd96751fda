drop integration if exists blank_integration
