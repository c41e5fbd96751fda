-- Whether a flag exists and is not set.
create or replace temp macro says_no(t) as coalesce(lower(t) in ('false', 'f', 'no', 'n', '0', 'nein', 'non', 'nee', 'não', 'nie', 'nej', 'nei', 'ne', 'ei', 'нет', '否', 'いいえ', '아니오', 'off'), false)
