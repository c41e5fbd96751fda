/** Whether a training would give a model that is there already: the same request on the same data gives the same bytes. */
import type { ModelCard, RegisteredModel } from '../../registry/model-card.ts';
import { libraryVersions } from '../../training/library-versions.ts';
import type { Services } from '../services.ts';

export interface WantedTraining {
  readonly model: RegisteredModel;
  readonly horizonDays: number | undefined;
  readonly asOf: string | undefined;
}

/** The newest version that such a training gave, with default parameters, or undefined if there is none. */
export async function sameTraining(
  wanted: WantedTraining,
  { registry, shop }: Pick<Services, 'registry' | 'shop'>,
): Promise<ModelCard | undefined> {
  const { summary, table } = await shop.describe();
  const isOfTable = wanted.model === 'customer_churn_column';
  const data = isOfTable ? table : summary;
  if (data === undefined) return undefined;
  // A table of customers has no days.
  const asOf = isOfTable ? undefined : (wanted.asOf ?? summary?.lastOrderDate);
  const versions = await registry.list(wanted.model);
  return versions
    .map(({ card }) => card)
    .find(
      (card) =>
        card.data.fingerprint === data.fingerprint &&
        (asOf === undefined || card.as_of === asOf) &&
        (wanted.horizonDays === undefined || horizonOf(card) === wanted.horizonDays) &&
        isDefaultRequest(card) &&
        hasSameLibraries(card),
    );
}

function horizonOf({ details }: ModelCard): number | undefined {
  return 'horizon_days' in details ? details.horizon_days : undefined;
}

/** Cards from before requests were kept do not tell, so they count as others. */
function isDefaultRequest({ request }: ModelCard): boolean {
  if (request === undefined) return false;
  const { params, is_tuned, engine } = request;
  return Object.keys(params).length === 0 && !is_tuned && engine === 'local';
}

/** Another version of Node gives the same bytes. */
function hasSameLibraries({ library_versions: { node: _, ...theirs } }: ModelCard): boolean {
  const { node: __, ...ours } = libraryVersions();
  return Object.entries(ours).every(([name, version]) => theirs[name] === version);
}
