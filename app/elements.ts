/** Elements made of text alone: what comes from data is never read as markup. */
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
  const classOf = ({ isNumber }: Column<Row>): Attributes => (isNumber ? { class: 'number' } : {});
  const head = columns.map((column) =>
    element('th', { scope: 'col', role: 'columnheader', ...classOf(column) }, column.heading),
  );
  const body = rows.map((row) =>
    element(
      'tr',
      { role: 'row' },
      ...columns.map((column) =>
        element('td', { role: 'cell', 'data-heading': column.heading, ...classOf(column) }, column.cell(row)),
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
