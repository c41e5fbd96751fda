/** What "churn-mcp doctor" looks at in a home folder that can be used. */
import { join } from 'node:path';
import { readAlertState } from '../alerts/alert-state.ts';
import { stateOfLock } from '../data/duckdb/file-lock.ts';
import { readFeatureTable, readTableSummary } from '../data/feature-table/feature-table-home.ts';
import { throwIfAborted } from '../errors.ts';
import { countRows } from '../ingest/log-cursor.ts';
import { listSegments } from '../ingest/log-layout.ts';
import { positionOf } from '../ingest/refresh.ts';
import type { RegistrySurvey } from '../registry/model-registry.ts';
import { readRetraining, retrainingLock } from '../server/retraining/retraining-state.ts';
import { formatCount, plural } from '../text/format.ts';
import { plainText } from '../text/plain-text.ts';
import { quoted } from '../text/quoted.ts';
import type { CommandContext } from './command-context.ts';
import { type Finding, failure } from './finding.ts';
import { foreignFiles } from './foreign-files.ts';
import { type Damage, findDamage, HOME_PARTS, type HomePart } from './home-damage.ts';

/** Names of files that others put into the home folder. */
const MOST_NAMED = 5;

interface PartContext extends CommandContext {
  readonly survey: RegistrySurvey;
}

/** What each part of a home folder is checked for besides damage. */
interface PartCheck {
  readonly run: (context: PartContext) => Promise<Finding | readonly Finding[]>;
  /** What "doctor --repair" does to a damaged part. */
  readonly repair: string;
}

const CHECKS: Readonly<Record<HomePart, PartCheck>> = {
  Data: { run: checkData, repair: 'sets it aside and goes back to the newest undamaged data.' },
  Table: { run: checkTable, repair: 'sets it aside; then import the table again.' },
  Models: {
    run: checkModels,
    repair: 'sets it aside; the newest undamaged version becomes the champion if the champion is damaged.',
  },
  Predictions: { run: async () => [], repair: 'sets them aside; the others are used as before.' },
  Campaigns: {
    run: async () => [],
    repair:
      'sets the campaign aside. Nobody can measure it without that file: restore the file if you have a backup.',
  },
  Log: {
    run: checkLog,
    repair:
      'sets it and the later files of the log aside; channels then begin again at the tokens of before, and their senders send again what came later. Restore the file instead if you have a backup.',
  },
};

export async function checkHomeParts(
  context: CommandContext,
  say: (name: string, findings: readonly Finding[]) => void,
): Promise<void> {
  const { config, services, signal } = context;
  const survey = await services.registry.survey();
  const damage = await findDamage(config.home, services.registry, signal, survey);
  for (const part of HOME_PARTS) {
    throwIfAborted(signal);
    const found = damage.filter((each) => each.part === part);
    say(part, await checkPart(CHECKS[part], found, { ...context, survey }));
  }
  say('Training lock', await checkLock(context));
  say('Retraining', await checkRetraining(context));
  say('Alerts', await checkAlertState(context).catch((error) => [failure(error)]));
  say('Other files', await checkForeignFiles(context));
}

/** A training that runs now needs no repair, and the next training replaces a damaged lock. */
async function checkLock({ config: { home } }: CommandContext): Promise<readonly Finding[]> {
  const state = await stateOfLock(join(home, 'training.lock'));
  if (state === 'held') return [{ state: 'ok', text: 'a training runs now' }];
  if (state === 'damaged') return [{ state: 'note', text: 'damaged; the next training replaces it.' }];
  return [];
}

/** How the last training went that a server did by itself; nothing if none ever did. */
async function checkRetraining({ config: { home } }: CommandContext): Promise<readonly Finding[]> {
  const state = await readRetraining(home);
  if (state === undefined) return [];
  const when = `${state.started_at.slice(0, 16).replace('T', ' ')} UTC`;
  if (state.ended_at === null) {
    const runs = (await stateOfLock(retrainingLock(home))) === 'held';
    return runs
      ? [{ state: 'ok', text: `runs since ${when}` }]
      : [
          {
            state: 'note',
            text: `the one that began on ${when} was killed. A server with --retrain-every tries again.`,
          },
        ];
  }
  const failed = state.models.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) {
    const models = state.models.map(({ model, outcome }) => `${model}: ${outcome}`);
    return [{ state: 'ok', text: `last on ${when}; ${models.join(', ')}` }];
  }
  const tries = `${plural(state.failures, 'failure')} in a row, the last on ${when}`;
  return failed.map(({ model, code, reason }) => ({
    state: 'note',
    text: `${model} was not trained again (${tries}): ${plainText(reason ?? code ?? '', 300)}`,
  }));
}

/** Damage was reported before this check. */
async function checkLog({ config: { home } }: CommandContext): Promise<readonly Finding[]> {
  if ((await listSegments(home)).length === 0) return [];
  const { all, waiting } = await countRows(home, await positionOf(home));
  if (waiting === 0) return [{ state: 'ok', text: `${plural(all, 'row')}, all in the data` }];
  const text = `${plural(waiting, 'row')} of ${formatCount(all)} ${waiting === 1 ? 'is' : 'are'} not in the data yet. To fold them in: churn-mcp refresh`;
  return [{ state: 'note', text }];
}

/** Nothing if no rule was ever checked. */
async function checkAlertState({ config: { home } }: CommandContext): Promise<readonly Finding[]> {
  const { checked_at, rules, outbox } = await readAlertState(home);
  if (checked_at === null) return [];
  const checked = `${plural(Object.keys(rules).length, 'rule')}, last checked ${checked_at}`;
  if (outbox.length === 0) return [{ state: 'ok', text: checked }];
  const waiting = plural(outbox.length, 'delivery waits', 'deliveries wait');
  return [{ state: 'note', text: `${checked}; ${waiting}. "churn-mcp alerts" tries again and says why.` }];
}

/** Names the files that churn-mcp did not make. It neither reads nor removes them. */
async function checkForeignFiles({ config: { home } }: CommandContext): Promise<readonly Finding[]> {
  const paths = await foreignFiles(home);
  if (paths.length === 0) return [];
  const named = paths.slice(0, MOST_NAMED).map((path) => quoted(path));
  const more = paths.length > MOST_NAMED ? [`${formatCount(paths.length - MOST_NAMED)} more`] : [];
  return [
    {
      state: 'note',
      text: `churn-mcp did not make ${[...named, ...more].join(', ')}, and leaves them alone.`,
    },
  ];
}

/** One line per damage for a damaged part, and no other line. */
async function checkPart(
  { run, repair }: PartCheck,
  found: readonly Damage[],
  context: PartContext,
): Promise<readonly Finding[]> {
  if (found.length === 0) return [await run(context).catch(failure)].flat();
  return found.map(({ text }) => ({
    state: 'failed',
    text: `${text} "churn-mcp doctor --repair" ${repair}`,
  }));
}

async function checkData({ services }: CommandContext): Promise<Finding> {
  const data = await services.data.current();
  const summary = await data.summary();
  const missing = [
    ...(summary.hasItems ? [] : ['no order lines, so no recommendations (import --order-items)']),
    ...(summary.hasCatalog ? [] : ['no product catalogue (import --products)']),
  ];
  const counts = `${plural(summary.orders, 'order')} of ${plural(summary.customers, 'customer')}, ${plural(summary.orderItems, 'line')}, ${plural(summary.products, 'product')}, ${summary.firstOrderDate} to ${summary.lastOrderDate}`;
  return { state: missing.length > 0 ? 'note' : 'ok', text: [counts, ...missing].join('; ') };
}

/** Most homes have no table of customers, so its absence is not mentioned. */
async function checkTable({ config: { home }, signal }: CommandContext): Promise<readonly Finding[]> {
  if ((await readTableSummary(home)) === undefined) return [];
  const { summary } = await readFeatureTable(home, signal);
  const columns = plural(summary.columns.length, 'column');
  return [
    {
      state: 'ok',
      text: `${plural(summary.rows, 'customer')}, ${columns}, target ${quoted(summary.target)}`,
    },
  ];
}

/** Damage was reported before this check, so the listed models are undamaged. */
async function checkModels({ survey: { sound } }: PartContext): Promise<Finding> {
  return sound.length > 0
    ? { state: 'ok', text: `${formatCount(sound.length)} registered, all checksums match` }
    : { state: 'note', text: 'none yet. "churn-mcp call train_churn_model" trains one.' };
}
