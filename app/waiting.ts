/** What a section shows while it waits for an answer, or if the call failed. */
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

/** The tool's error text, and a button to try again. */
export function tryAgain(error: unknown, again: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', () => {
    // The button disappears, and the keyboard focus would move to the top of the page.
    button.closest('main')?.focus();
    again();
  });
  const message =
    error instanceof Error && error.message !== '' ? error.message : 'The server did not answer.';
  return element('div', { role: 'alert' }, element('p', { class: 'warning' }, message), button);
}
