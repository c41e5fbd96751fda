/** Buttons for the pages of a list before and after the one that is shown. */
import { element } from './elements.ts';

export const PER_PAGE = 20;

/** @param next where the list goes on; null on its last page */
export function pager(next: number | null, offset: number, show: (offset: number) => void): HTMLElement {
  const button = (name: string, target: number | null) => {
    const made = element('button', { type: 'button', ...(target === null && { disabled: '' }) }, name);
    made.addEventListener('click', () => show(target ?? 0));
    return made;
  };
  const before = offset === 0 ? null : Math.max(0, offset - PER_PAGE);
  return element('p', { class: 'controls' }, button('Previous page', before), button('Next page', next));
}
