/** A movable threshold, and its effect. */
import type { Metrics } from './answers.ts';
import { type Counts, countsAt, totalsOf } from './curves.ts';
import { element, facts, table } from './elements.ts';
import { count, percent } from './numbers.ts';
import { type Terms, termsOf } from './terms.ts';

/** The threshold of the figures in a card. */
const USUAL = 0.5;
/** A screen reader announces the value only once the slider rests. */
const REST_MS = 500;

export class Threshold {
  readonly element: HTMLElement;
  /** The effect of the current threshold. */
  counts: Counts;
  readonly #metrics: Metrics;
  readonly #terms: Terms;
  readonly #slider = element('input', {
    type: 'range',
    id: 'threshold',
    min: '0',
    max: '1',
    step: '0.01',
    value: String(USUAL),
  });
  readonly #output = element('output', { for: 'threshold' });
  readonly #shown = element('div');
  readonly #spoken = element('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(metrics: Metrics, onMove: () => void) {
    this.#metrics = metrics;
    this.#terms = termsOf(metrics.label);
    this.counts = metrics.confusion_matrix;
    this.#slider.addEventListener('input', () => {
      this.#show();
      this.#speakAtRest();
      onMove();
    });
    this.#show();
    this.element = element(
      'section',
      { class: 'card' },
      element('h3', {}, 'Where to draw the line'),
      element(
        'label',
        { for: 'threshold' },
        `${metrics.label === 'purchase' ? 'Suggest whatever' : 'Contact whoever'} is above `,
        this.#output,
      ),
      this.#slider,
      this.#shown,
      this.#spoken,
    );
  }

  #show(): void {
    const threshold = Number(this.#slider.value);
    const { operating_points, confusion_matrix } = this.#metrics;
    this.counts = countsAt(threshold, operating_points, totalsOf(confusion_matrix));
    this.#slider.setAttribute('aria-valuetext', `above ${percent(threshold)}`);
    this.#output.textContent = percent(threshold);
    this.#shown.replaceChildren(confusionTable(this.counts, this.#terms), outcome(this.counts, this.#terms));
  }

  #speakAtRest(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#spoken.textContent = outcomeText(this.counts, this.#terms);
    }, REST_MS);
  }
}

function confusionTable({ tn, fp, fn, tp }: Counts, { positive, negative }: Terms): HTMLElement {
  const matrix = table(
    'Confusion matrix at the threshold',
    [
      { heading: '', cell: ({ name }) => name, isHeading: true },
      { heading: `said ${positive}`, cell: ({ above }) => count(above), isNumber: true },
      { heading: `said ${negative}`, cell: ({ below }) => count(below), isNumber: true },
    ],
    [
      { name: `really ${positive}`, above: tp, below: fn },
      { name: `really ${negative}`, above: fp, below: tn },
    ],
  );
  matrix.classList.add('narrow');
  return matrix;
}

/** Few of very many are told with a decimal: 0 would say that there are none. */
function perHundred(part: number, whole: number): string {
  const rate = (100 * part) / whole;
  return rate > 0 && rate < 10 ? rate.toFixed(1) : count(rate);
}

const share = (part: number, whole: number) => (whole === 0 ? '–' : percent(part / whole));

function outcome({ tn, fp, fn, tp }: Counts, { alarms, positives, rows }: Terms): HTMLElement {
  const all = tp + fp + fn + tn;
  return facts(
    [
      { name: 'Caught (recall)', value: share(tp, tp + fn), beside: `of ${positives}` },
      { name: 'Right (precision)', value: share(tp, tp + fp), beside: `of ${alarms}` },
      {
        name: alarms.replace(/^./, (first) => first.toUpperCase()),
        value: all === 0 ? '–' : perHundred(tp + fp, all),
        beside: `per 100 ${rows}`,
      },
    ],
    'small',
  );
}

function outcomeText({ tn, fp, fn, tp }: Counts, { alarms, positives, rows }: Terms): string {
  const all = tp + fp + fn + tn;
  return `Catches ${share(tp, tp + fn)} of ${positives}; ${share(tp, tp + fp)} of ${alarms} are right; ${perHundred(tp + fp, all)} ${alarms} per 100 ${rows}.`;
}
