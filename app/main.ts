/** The dashboard: a person chooses a model and a version, and sections show them. */
import { type Metrics, metricsSchema, overviewSchema, type Version, versionsSchema } from './answers.ts';
import { campaignsSection } from './campaigns.ts';
import { redrawCharts } from './chart.ts';
import { type Connection, connect } from './connection.ts';
import { customersSection } from './customers.ts';
import { byId, element } from './elements.ts';
import { modelSection } from './model.ts';
import { needsOrders } from './needs-orders.ts';
import { score, words } from './numbers.ts';
import { overviewSection } from './overview.ts';
import { recommendationsSection } from './recommendations.ts';
import { retentionSection } from './retention.ts';
import { tableCustomersSection, tableOverviewSection } from './table-customers.ts';
import { Tabs } from './tabs.ts';
import { trainButton } from './train-button.ts';
import { loading, tryAgain } from './waiting.ts';

/** The last section shows the chosen version; the others use the champion. */
const TABS = [
  { id: 'overview', title: 'Overview', picks: [] },
  { id: 'customers', title: 'Customers', picks: [] },
  { id: 'retention', title: 'Retention', picks: [] },
  { id: 'campaigns', title: 'Campaigns', picks: [] },
  { id: 'offers', title: 'Recommendations', picks: [] },
  { id: 'model', title: 'Model', picks: ['model', 'version'] },
] as const;
type TabId = (typeof TABS)[number]['id'];

const content = byId('content', HTMLElement);
const modelPicker = byId('model', HTMLSelectElement);
const versionPicker = byId('version', HTMLSelectElement);
const status = byId('status', HTMLElement);
const freshness = byId('freshness', HTMLElement);

const leaveSystemTheme = followSystemTheme();
start();

/** Follows the system's theme until a host sets one; the returned function stops that. */
function followSystemTheme(): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const follow = () => {
    document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
    redrawCharts();
  };
  dark.addEventListener('change', follow);
  follow();
  return () => dark.removeEventListener('change', follow);
}

async function start(): Promise<void> {
  content.replaceChildren(loading('Connecting'));
  try {
    const connection = await connect({
      onLook(hasTheme) {
        if (hasTheme) leaveSystemTheme();
        redrawCharts();
      },
      // The page may stay open for long, so it says when that was.
      onFreshness(line) {
        freshness.textContent = `${line} Asked at ${new Date().toTimeString().slice(0, 'HH:MM'.length)}.`;
      },
    });
    const listed = await connection.call('list_models', {}, versionsSchema);
    const { models: all, only_table: isOnlyTable = false } = listed;
    // The page of a model has curves of who leaves or buys. Whom an offer persuades is told on the page of campaigns.
    const models = all.filter(({ model }) => model !== 'campaign_uplift');
    showModels(
      models,
      isOnlyTable
        ? tableSections(models, connection)
        : sectionsOf(models, connection, hasChampion(all, 'campaign_uplift')),
    );
  } catch (error) {
    content.replaceChildren(tryAgain(error, start));
  }
}

function showModels(versions: readonly Version[], sections: Sections): void {
  let shown = 0;
  const show = async () => {
    const turn = ++shown;
    const { id, title, picks } = tabs.selected;
    showPickers(picks);
    const panel = element('section', { role: 'tabpanel', id: 'panel', 'aria-labelledby': `tab-${id}` });
    panel.append(element('h2', {}, title), loading('Loading'));
    content.replaceChildren(panel);
    try {
      const parts = await sections[id]();
      // The person has chosen another section meanwhile.
      if (turn !== shown) return;
      panel.replaceChildren(element('h2', {}, title), ...parts);
      status.textContent = `${title} is shown.`;
    } catch (error) {
      if (turn === shown) panel.replaceChildren(element('h2', {}, title), tryAgain(error, show));
    }
  };
  const tabs = new Tabs(byId('tabs', HTMLElement), TABS, show);

  fillPickers(versions);
  modelPicker.addEventListener('change', () => {
    fillVersions(versions);
    show();
  });
  versionPicker.addEventListener('change', show);
  show();
}

type Sections = Record<TabId, () => Promise<readonly HTMLElement[]>>;

function sectionsOf(versions: readonly Version[], connection: Connection, hasUplift: boolean): Sections {
  const has = (model: string) => hasChampion(versions, model);
  return {
    overview: () => overviewSection(connection, start),
    customers: async () =>
      has('customer_churn_forecast') ? customersSection(connection) : offerTraining('forecast', connection),
    retention: () => retentionSection(connection),
    campaigns: () => campaignsSection(connection, hasUplift),
    offers: async () =>
      has('product_recommendation')
        ? recommendationsSection(connection)
        : offerTraining('recommendations', connection),
    model:
      versions.length === 0
        ? () => offerTraining('forecast', connection)
        : modelSectionOf(versions, connection),
  };
}

/** A button that trains, once there are orders to learn from: until then the answer says how to import some. */
async function offerTraining(
  kind: 'forecast' | 'recommendations',
  connection: Connection,
): Promise<HTMLElement[]> {
  // As the first page asks, so the server has the answer already.
  await connection.call('get_shop_overview', {}, overviewSchema);
  return [trainButton(kind, connection, start)];
}

/** Of a home with a table of customers and no orders. */
function tableSections(versions: readonly Version[], connection: Connection): Sections {
  const ofTable = (section: (connection: Connection) => Promise<HTMLElement[]>) => async () =>
    hasChampion(versions, 'customer_churn_column')
      ? section(connection)
      : [trainButton('table', connection, start)];
  return {
    overview: ofTable(tableOverviewSection),
    customers: ofTable(tableCustomersSection),
    retention: async () => needsOrders('retention'),
    campaigns: async () => needsOrders('campaigns'),
    offers: async () => needsOrders('offers'),
    model: versions.length === 0 ? ofTable(async () => []) : modelSectionOf(versions, connection),
  };
}

function hasChampion(versions: readonly Version[], model: string): boolean {
  return versions.some((version) => version.model === model && version.aliases.includes('champion'));
}

function modelSectionOf(versions: readonly Version[], connection: Connection): Sections['model'] {
  const metricsOf = metricsReader(connection);
  return async () => modelSection(await metricsOf(modelPicker.value, versionPicker.value), versions);
}

/** Asks for the metrics of each version once. */
function metricsReader(connection: Connection): (model: string, version: string) => Promise<Metrics> {
  const metrics = new Map<string, Promise<Metrics>>();
  return (model, version) => {
    const key = `${model}/${version}`;
    const asked =
      metrics.get(key) ??
      connection.call('get_churn_metrics', { model, version, include_curve: true }, metricsSchema);
    metrics.set(key, asked);
    asked.catch(() => metrics.delete(key));
    return asked;
  };
}

function showPickers(picks: readonly string[]): void {
  for (const picker of ['model', 'version']) {
    byId(`${picker}-picker`, HTMLElement).hidden = !picks.includes(picker);
  }
}

function fillPickers(versions: readonly Version[]): void {
  const models = [...new Set(versions.map(({ model }) => model))].sort(byUse);
  modelPicker.replaceChildren(...models.map((model) => element('option', { value: model }, words(model))));
  fillVersions(versions);
}

/** The model to act on first. */
function byUse(one: string, other: string): number {
  const rank = (model: string) => (model === 'customer_churn_forecast' ? 0 : 1);
  return rank(one) - rank(other) || (one < other ? -1 : 1);
}

function fillVersions(versions: readonly Version[]): void {
  const own = versions.filter(({ model }) => model === modelPicker.value);
  versionPicker.replaceChildren(
    ...own.map(({ version, aliases, roc_auc }) =>
      element(
        'option',
        { value: version, ...(aliases.includes('champion') && { selected: '' }) },
        `${version}, ${score(roc_auc)}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`,
      ),
    ),
  );
}
