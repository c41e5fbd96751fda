-- Whether a flag is set.
create temp macro says_yes(t) as coalesce(lower(t) in ('true', 't', 'yes', 'y', '1', 'ja', 'oui', 'si', 'sí', 'sim', 'tak'), false)
