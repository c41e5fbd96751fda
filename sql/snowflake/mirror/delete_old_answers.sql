-- One row per answer that was not given again, as of customers who are no longer listed. Value: when answers were last given.
delete from models.answers
where answered_at < cast(? as timestamp)
