/** Data but no model: a button that trains one, and says how far it is. */
import { trainedSchema } from './answers.ts';
import type { Connection } from './connection.ts';
import { element } from './elements.ts';
import { loading, tryAgain } from './waiting.ts';

const TRAININGS = {
  forecast: {
    tool: 'train_churn_model',
    args: {},
    why: 'There is no forecast yet, so it is not known who may leave and what that is worth.',
    button: 'Train the forecast',
  },
  table: {
    tool: 'train_churn_model',
    args: { label: 'column' },
    why: 'There is a table of customers and no model of it yet, so it is not known who may leave.',
    button: 'Train the model of the table',
  },
  recommendations: {
    tool: 'train_recommendation_model',
    args: {},
    why: 'There is no recommendation model yet, so it is not known what to offer.',
    button: 'Train the recommendations',
  },
} as const;

/** `again` shows the section anew, once the model is there. */
export function trainButton(
  kind: keyof typeof TRAININGS,
  connection: Connection,
  again: () => void,
): HTMLElement {
  const { tool, args, why, button: name } = TRAININGS[kind];
  const body = element('div', { 'aria-live': 'polite' });
  const button = element('button', { type: 'button', class: 'primary' }, name);
  const train = async () => {
    const began = Date.now();
    const show = (progress = '') => {
      const seconds = Math.round((Date.now() - began) / 1000);
      body.replaceChildren(loading(`Training, ${seconds} s so far${progress === '' ? '' : `: ${progress}`}`));
    };
    show();
    const timer = setInterval(show, 1000);
    try {
      await connection.call(tool, args, trainedSchema, show);
      again();
    } catch (error) {
      body.replaceChildren(tryAgain(error, train));
    } finally {
      clearInterval(timer);
    }
  };
  button.addEventListener('click', train);
  body.append(element('p', {}, why), button);
  return element('section', { class: 'card spaced' }, body);
}
