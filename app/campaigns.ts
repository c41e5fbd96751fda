/** Campaigns: what each one has earned so far, contacted against held out. */
import { type CampaignResults, campaignResultsSchema } from './campaign-answers.ts';
import { courseCharts } from './campaign-course.ts';
import type { Connection } from './connection.ts';
import { element, type Fact, facts, table } from './elements.ts';
import { amount, count, percent, words } from './numbers.ts';
import { readUpliftModel, upliftModel } from './uplift-model.ts';
import { loading, tryAgain } from './waiting.ts';

type Campaign = CampaignResults['campaigns'][number];

/** @param hasUpliftModel whether a model of whom offers persuade acts */
export async function campaignsSection(
  connection: Connection,
  hasUpliftModel: boolean,
): Promise<HTMLElement[]> {
  const { campaigns } = await connection.call('get_campaign_results', {}, campaignResultsSchema);
  if (campaigns.length === 0) return noCampaign();
  const place = element('div', { 'aria-live': 'polite' });
  const show = async (campaign: Campaign) => {
    place.replaceChildren(loading('Measuring'));
    try {
      const args = { campaign_id: campaign.campaign_id };
      const found = await connection.call('get_campaign_results', args, campaignResultsSchema);
      place.replaceChildren(results(campaign, found));
    } catch (error) {
      place.replaceChildren(tryAgain(error, () => show(campaign)));
    }
  };
  // Before anything is made: charts are drawn once they are in the page, which nothing may delay then.
  const model = hasUpliftModel ? await readUpliftModel(connection) : undefined;
  const measured = campaigns.find(({ status }) => status !== 'planned');
  if (measured !== undefined) await show(measured);
  return [campaignTable(campaigns, show), place, ...(model ? [upliftModel(model)] : [])];
}

function noCampaign(): HTMLElement[] {
  return [
    element('p', {}, 'No campaign has been planned yet.'),
    element(
      'p',
      { class: 'note' },
      'Ask in chat: “Plan a campaign: a 5 voucher by email, a contact costs 0.50, our margin is 30%.” The plan says whom it pays to contact and whom to leave alone, so that this page can say what the offer earned.',
    ),
  ];
}

function campaignTable(campaigns: readonly Campaign[], show: (campaign: Campaign) => void): HTMLElement {
  return table(
    'Campaigns, newest first',
    [
      { heading: 'Campaign', isHeading: true, cell: ({ name }) => name },
      { heading: 'State', cell: ({ status }) => status },
      { heading: 'Chosen by', cell: ({ ranked_by }) => CHOSEN_BY[ranked_by] ?? words(ranked_by) },
      { heading: 'Contacted', isNumber: true, cell: ({ contacted }) => count(contacted) },
      { heading: 'Held out', isNumber: true, cell: ({ held_out }) => count(held_out) },
      {
        heading: '',
        cell: (campaign) => {
          if (campaign.status === 'planned') return 'not started';
          const button = element(
            'button',
            { type: 'button' },
            'Results',
            element('span', { class: 'visually-hidden' }, ` of ${campaign.name}`),
          );
          button.addEventListener('click', () => show(campaign));
          return button;
        },
      },
    ],
    campaigns,
    { stacks: true },
  );
}

const CHOSEN_BY: Readonly<Record<string, string>> = { risk: 'risk to leave', uplift: 'uplift' };

const VERDICTS: Readonly<Record<string, string>> = {
  'too early': 'It is too early to say whether it pays.',
  ahead: 'It is ahead so far: by chance alone this would be unlikely.',
  paid: 'It paid.',
  lost: 'It cost more than it earned.',
  unclear: 'The difference may be chance: the campaign neither clearly paid nor clearly lost.',
  unusable: 'The data does not allow a result.',
};

const PROBLEMS: Readonly<Record<string, string>> = {
  'customers gone': 'Some customers of the campaign are not in the data any more.',
  'history changed': 'The orders from before the campaign are not those it was planned on.',
  'few orders': 'Fewer than ten customers of a group have ordered, so money is not compared yet.',
};

function results({ name }: Campaign, found: CampaignResults): HTMLElement {
  const { verdict, through, contacted, held_out, problems } = found;
  const heading = element('h3', {}, `${name}: results${through === null ? '' : ` up to ${through}`}`);
  if (contacted === null || held_out === null) {
    return element('section', { class: 'card' }, heading, element('p', {}, 'There are no results yet.'));
  }
  return element(
    'section',
    { class: 'card spaced' },
    heading,
    element('p', {}, VERDICTS[verdict ?? ''] ?? ''),
    ...problems.map((problem) => element('p', { class: 'warning' }, PROBLEMS[problem] ?? words(problem))),
    facts(
      [groupFact('Contacted', contacted), groupFact('Held out', held_out), profitFact(found.profit)],
      'three',
    ),
    ...differences(found),
    ...courseCharts(found),
  );
}

type Group = NonNullable<CampaignResults['contacted']>;

function groupFact(name: string, { customers, ordered, spent }: Group): Fact {
  const share = customers === 0 ? '–' : percent(ordered / customers, 1);
  return {
    name: `${name}: ordered`,
    value: share,
    beside: `${count(ordered)} of ${count(customers)}; ${amount(customers === 0 ? 0 : spent / customers)} each`,
  };
}

function profitFact(profit: CampaignResults['profit']): Fact {
  if (profit === null) return { name: 'Profit after costs', value: '–', beside: 'not known yet' };
  const [value, low, high] = [profit.value, profit.low, profit.high].map((each) => count(Math.round(each)));
  return { name: 'Profit after costs', value, beside: `between ${low} and ${high}` };
}

/** Each difference as a point with its interval, beside the line of no difference. */
function differences({ order_share, spent_per_customer }: CampaignResults): HTMLElement[] {
  const points = (value: number) => `${(100 * value).toFixed(1)} points`;
  const rows = [
    { name: 'More of them ordered', difference: order_share, format: points },
    { name: 'More spent per customer', difference: spent_per_customer, format: amount },
  ].flatMap(({ difference, ...row }) => (difference === null ? [] : [{ ...row, difference }]));
  if (rows.length === 0) return [];
  return [
    table(
      'Contacted against held out',
      [
        { heading: 'Contacted against held out', isHeading: true, cell: ({ name }) => name },
        { heading: 'Difference', isNumber: true, cell: ({ difference, format }) => format(difference.value) },
        {
          heading: 'Interval',
          isNumber: true,
          cell: ({ difference, format }) => `${format(difference.low)} to ${format(difference.high)}`,
        },
        { heading: 'No difference is the line', cell: ({ difference }) => intervalBar(difference) },
      ],
      rows,
    ),
    element(
      'p',
      { class: 'note' },
      'An interval on one side of the line is a difference that chance alone hardly makes.',
    ),
  ];
}

/** The table beside it says the same in numbers. */
function intervalBar({ low, high, value }: { low: number; high: number; value: number }): HTMLElement {
  const reach = Math.max(Math.abs(low), Math.abs(high)) * 1.1 || 1;
  const at = (place: number) => percent((place + reach) / (2 * reach), 1);
  const range = element('span', { class: 'range' });
  range.style.left = at(low);
  range.style.width = percent((high - low) / (2 * reach), 1);
  const point = element('span', { class: 'point' });
  point.style.left = at(value);
  return element('span', { class: 'interval', 'aria-hidden': 'true' }, range, point);
}
