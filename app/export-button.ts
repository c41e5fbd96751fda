/** A button that writes a whole list to a file, whatever page of it is shown, and says where the file is. */
import { element } from './elements.ts';
import { plural } from './numbers.ts';

interface Exported {
  readonly name: string;
  readonly rows: number;
  readonly path?: string | undefined;
}

export function exportButton(write: () => Promise<Exported>): HTMLElement {
  const button = element('button', { type: 'button' }, 'Write the list to a file');
  const said = element('p', { class: 'note', role: 'status' });
  button.addEventListener('click', async () => {
    said.textContent = 'Writing…';
    try {
      const { rows, path, name } = await write();
      said.textContent = `${plural(rows, 'customer')} in ${path ?? name}.`;
    } catch (error) {
      said.textContent = error instanceof Error ? error.message : 'The list could not be written.';
    }
  });
  return element('div', {}, button, said);
}
