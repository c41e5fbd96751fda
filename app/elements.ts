/** Makes elements from text only, so data is never read as markup. */
import { percent } from './numbers.ts';

type Attributes = Readonly<Record<string, string>>;
export type Child = Node | string;

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** The element of the page with that id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`the page has no ${id}`);
}

export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => Child;
  readonly isNumber?: boolean;
  /** Names its row. */
  readonly isHeading?: boolean;
  /** Takes the whole width if the page is narrow. */
  readonly isLong?: boolean;
}

/**
 * A table in a frame that scrolls sideways by itself, also by keyboard. One that `stacks` becomes a list of blocks on a
 * narrow page; the roles say what the browser then no longer knows.
 */
export function table<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { stacks = false } = {},
): HTMLElement {
  const classOf = ({ isNumber, isLong }: Column<Row>): Attributes => {
    if (isNumber) return { class: 'number' };
    return isLong ? { class: 'long' } : {};
  };
  // An empty corner cell is no heading.
  const head = columns.map((column) =>
    column.heading === ''
      ? element('td', { role: 'cell' })
      : element('th', { scope: 'col', role: 'columnheader', ...classOf(column) }, column.heading),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      { role: 'row' },
      ...columns.map((column) =>
        column.isHeading
          ? element(
              'th',
              { scope: 'row', role: 'rowheader', 'data-heading': column.heading },
              column.cell(row),
            )
          : element(
              'td',
              { role: 'cell', 'data-heading': column.heading, ...classOf(column) },
              column.cell(row),
            ),
      ),
    ),
  );
  return element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': caption },
    element(
      'table',
      { role: 'table', ...(stacks && { class: 'stacks' }) },
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', { role: 'rowgroup' }, element('tr', { role: 'row' }, ...head)),
      element('tbody', { role: 'rowgroup' }, ...body),
    ),
  );
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** The value to compare it with. */
  readonly beside: string;
}

/** Figures in tiles, each with a value to compare it with. */
export function facts(shown: readonly Fact[], className = ''): HTMLElement {
  return element(
    'dl',
    { class: `facts ${className}`.trim() },
    ...shown.map(({ name, value, beside }) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value, element('small', {}, beside))),
    ),
  );
}

/** A share as a figure and a bar. */
export function meter(share: number, digits = 0): HTMLElement {
  return element('span', { class: 'meter' }, percent(share, digits), bar(share, 'share'));
}

/** A bar that fills its share of the line; the text beside it says the same. */
export function bar(share: number, className: string): HTMLElement {
  const fill = element('span', { class: className });
  fill.style.width = percent(Math.min(1, share), 1);
  return element('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
}

/** A list to choose one of; values with their names. */
export function chooser(id: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  return element('select', { id }, ...options.map(([value, name]) => element('option', { value }, name)));
}
