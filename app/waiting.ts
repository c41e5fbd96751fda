/** What stands where an answer will be, or should have been. */
import { element } from './elements.ts';

export function loading(what: string): HTMLElement {
  const lines = ['70%', '95%', '85%', '50%'].map((width) => {
    const line = element('span');
    line.style.width = width;
    return line;
  });
  return element(
    'div',
    { class: 'loading' },
    element('p', {}, `${what}…`),
    element('div', { class: 'skeleton', 'aria-hidden': 'true' }, ...lines),
  );
}

/** The tool's own words, and a way on. */
export function tryAgain(error: unknown, again: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', () => {
    // The button goes, and a keyboard would start from the top of the page.
    button.closest('main')?.focus();
    again();
  });
  const message =
    error instanceof Error && error.message !== '' ? error.message : 'The server did not answer.';
  return element('div', { role: 'alert' }, element('p', { class: 'warning' }, message), button);
}
