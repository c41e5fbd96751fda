/** Options that say how a file is written; the import and the scoring of a file of customers take the same. */
export const DATE_FORMAT_OPTION = [
  '--date-format <format>',
  'dmy, mdy, ymd or a format like "%d.%m.%Y %H:%M", if the dates are ambiguous',
] as const;
export const DECIMAL_OPTION = [
  '--decimal <mark>',
  'comma or point: the decimal mark, if the numbers are ambiguous',
] as const;
