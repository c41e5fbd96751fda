drop compute pool if exists blank_compute_pool
