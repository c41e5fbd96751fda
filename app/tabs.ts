/** Tabs by the ARIA pattern: one stop of the Tab key, arrows between them. */
import { element } from './elements.ts';

export interface Tab {
  readonly id: string;
  readonly title: string;
}

export class Tabs<Kind extends Tab> {
  readonly #tabs: readonly Kind[];
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #onSelect: () => void;
  #selected = 0;

  constructor(list: HTMLElement, tabs: readonly Kind[], onSelect: () => void) {
    this.#tabs = tabs;
    this.#onSelect = onSelect;
    this.#buttons = tabs.map(({ id, title }, index) => {
      const button = element(
        'button',
        { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': 'panel' },
        title,
      );
      button.addEventListener('click', () => this.select(index));
      return button;
    });
    list.replaceChildren(...this.#buttons);
    list.addEventListener('keydown', (event) => this.#onKey(event));
    this.#mark();
  }

  get selected(): Kind {
    return this.#tabs[this.#selected];
  }

  select(index: number): void {
    this.#selected = (index + this.#tabs.length) % this.#tabs.length;
    this.#mark();
    this.#onSelect();
  }

  #onKey(event: KeyboardEvent): void {
    const target = {
      ArrowRight: this.#selected + 1,
      ArrowLeft: this.#selected - 1,
      Home: 0,
      End: this.#tabs.length - 1,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.select(target);
    this.#buttons[this.#selected].focus();
  }

  #mark(): void {
    for (const [index, button] of this.#buttons.entries()) {
      const isSelected = index === this.#selected;
      button.setAttribute('aria-selected', String(isSelected));
      button.tabIndex = isSelected ? 0 : -1;
    }
  }
}
