/** A number as shops write it, which a spreadsheet reads as one. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/** What spreadsheets take for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * Text for a cell of a CSV file that a spreadsheet may open. An apostrophe keeps `=HYPERLINK(…)` from being run; numbers,
 * signed ones too, stay as they are. (OWASP, "CSV Injection".)
 */
export function spreadsheetText(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
