/** A number, which a spreadsheet does not read as a formula. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/** Characters that begin a formula in a spreadsheet, also in their full width. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

/** What begins a formula if the spreadsheet separates cells by semicolons or tabs, as it does in many countries. */
const FORMULA_IN_NEXT_CELL = /([;\t\r\n][ "']*)([=+\-@＝＋－＠])/g;

/**
 * Text for a cell of a CSV file that a spreadsheet may open. An apostrophe keeps `=HYPERLINK(…)` from being run; numbers,
 * signed ones too, stay as they are. (OWASP, "CSV Injection".)
 */
export function spreadsheetText(text: string): string {
  const inner = text.replace(FORMULA_IN_NEXT_CELL, "$1'$2");
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${inner}` : inner;
}
