/** A number, which a spreadsheet does not read as a formula. */
const NUMBER = /^[+-]?\d+(?:[.,]\d+)?$/;

/**
 * A phone number with its country's code. A mail tool would import an apostrophe with it, and at worst a spreadsheet adds
 * its digits up.
 */
const PHONE = /^\+(?:[ ()./-]*\d){6,15}[ )]*$/;

/** Characters that begin a formula in a spreadsheet, also in their full width. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;

/** What begins a formula if the spreadsheet separates cells by semicolons or tabs, as it does in many countries. */
const FORMULA_IN_NEXT_CELL = /([;\t\r\n][ "']*)([=+\-@＝＋－＠])/g;

/**
 * Text for a cell of a CSV file that a spreadsheet may open. An apostrophe keeps `=HYPERLINK(…)` from being run; numbers,
 * signed ones too, and phone numbers stay as they are. (OWASP, "CSV Injection".)
 */
export function spreadsheetText(text: string): string {
  const inner = text.replace(FORMULA_IN_NEXT_CELL, "$1'$2");
  const isHarmless = !FORMULA.test(text) || NUMBER.test(text) || PHONE.test(text);
  return isHarmless ? inner : `'${inner}`;
}
