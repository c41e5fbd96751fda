drop table if exists models.answers
