-- Whether a flag is set.
create or replace temp macro says_yes(t) as coalesce(lower(t) in ('true', 't', 'yes', 'y', '1', 'ja', 'oui', 'si', 'sí', 'sim', 'tak', 'ano', 'kyllä', 'да', '是', 'はい', '예', 'on'), false)
