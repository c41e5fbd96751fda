/** A number, which a spreadsheet does not read as a formula. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/** Characters that begin a formula in a spreadsheet. */
const FORMULA = /^[=+\-@\t\r\n]/;

/**
 * Text for a cell of a CSV file that a spreadsheet may open. An apostrophe keeps `=HYPERLINK(…)` from being run; numbers,
 * signed ones too, stay as they are. (OWASP, "CSV Injection".)
 */
export function spreadsheetText(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}
