/** What stands where an answer will be, or should have been. */
import { element } from './elements.ts';

export function loading(what: string): HTMLElement {
  return element('p', { class: 'loading' }, `${what}…`);
}

/** The tool's own words, and a way on. */
export function tryAgain(error: unknown, again: () => void): HTMLElement {
  const button = element('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', again);
  const message =
    error instanceof Error && error.message !== '' ? error.message : 'The server did not answer.';
  return element('div', { role: 'alert' }, element('p', { class: 'warning' }, message), button);
}
