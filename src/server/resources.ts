/** The resources: model cards, their figures, the imported data and its segments. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { parseSegment } from '../customers/segments.ts';
import { ChurnMcpError } from '../errors.ts';
import { cardMarkdown } from '../mcp/card-markdown.ts';
import { exportMimeType } from '../mcp/list-export.ts';
import { metricsFieldsOf } from '../mcp/schemas.ts';
import { dataMarkdown, segmentMarkdown, segmentsMarkdown } from '../mcp/shop-markdown.ts';
import { DASHBOARD_URI } from '../mcp/tool.ts';
import { packageRoot } from '../package-root.ts';
import { REGISTERED_MODELS, registeredModelSchema } from '../registry/model-card.ts';
import { EXPORTS_URI } from './export-service.ts';
import { failureText } from './failure.ts';
import { RequestError, RPC_CODES } from './request-error.ts';
import { guardedHandler } from './request-handlers.ts';
import { noParamsSchema, resourceSchema } from './request-schemas.ts';
import { DATA_URI, SEGMENTS_URI } from './resource-addresses.ts';
import type { ServerLog } from './server-log.ts';
import type { Services } from './services.ts';

const MARKDOWN = 'text/markdown';
const JSON_TYPE = 'application/json';
const APP_TYPE = 'text/html;profile=mcp-app';
/** Most cards to list: clients show the list to a person. */
const MOST_VERSIONS = 50;

const VERSIONED = /^churn:\/\/(models|metrics)\/([a-z_]{1,60})\/(v_\d{8}_\d{6}|champion)$/;
const SEGMENT = /^churn:\/\/segments\/([A-Za-z_-]{1,40})$/;

type Readable = Pick<Services, 'registry' | 'shop' | 'readExport'>;

/** Text, or bytes as base64. */
type Contents = { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string });

export function resourceHandlers(services: Readable, log: ServerLog) {
  const list = async () => ({ resources: [...DATA_RESOURCES, ...(await versionResources(services))] });
  const templates = () => ({ resourceTemplates: TEMPLATES });
  const readOne = async ({ uri }: z.output<typeof resourceSchema>) => {
    try {
      return { contents: [{ uri, ...(await read(uri, services)) }] };
    } catch (error) {
      if (error instanceof RequestError) throw new RequestError(error.code, error.message, { uri });
      const known = error instanceof ChurnMcpError && error.code !== 'INTERNAL';
      throw new RequestError(
        known ? RPC_CODES.noResource : RPC_CODES.internal,
        failureText(error, 'reading the resource', log),
        { uri },
      );
    }
  };
  return {
    'resources/list': guardedHandler('resources/list', noParamsSchema, list, log),
    'resources/templates/list': guardedHandler('resources/templates/list', noParamsSchema, templates, log),
    'resources/read': guardedHandler('resources/read', resourceSchema, readOne, log),
  };
}

async function read(uri: string, services: Readable): Promise<Contents> {
  if (uri === DASHBOARD_URI) return readDashboard();
  if (uri === DATA_URI) return readData(services);
  if (uri === SEGMENTS_URI) return readSegments(services);
  const segment = SEGMENT.exec(uri)?.at(1);
  if (segment !== undefined) return readSegment(segment, services);
  if (uri.startsWith(EXPORTS_URI)) return readExported(uri.slice(EXPORTS_URI.length), services);
  const [, kind, name, version] = VERSIONED.exec(uri) ?? [];
  const model = registeredModelSchema.safeParse(name);
  if (!model.success || version === undefined) throw unknownUri();
  const card = await services.registry.card(model.data, version === 'champion' ? undefined : version);
  return kind === 'models'
    ? { mimeType: MARKDOWN, text: cardMarkdown(card) }
    : { mimeType: JSON_TYPE, text: JSON.stringify(metricsFieldsOf(card), null, 2) };
}

async function readData({ shop }: Readable): Promise<Contents> {
  const { summary, table } = await shop.describe();
  return { mimeType: MARKDOWN, text: dataMarkdown(summary, table) };
}

async function readSegments({ shop }: Readable): Promise<Contents> {
  const { segments, asOf } = await shop.segments();
  return { mimeType: MARKDOWN, text: segmentsMarkdown(segments, asOf) };
}

async function readSegment(name: string, { shop }: Readable): Promise<Contents> {
  const wanted = parseSegment(name);
  const { segments, asOf } = await shop.segments();
  const [found] = segments.filter(({ segment }) => segment === wanted);
  return { mimeType: MARKDOWN, text: segmentMarkdown(found, asOf) };
}

async function readExported(name: string, { readExport }: Readable): Promise<Contents> {
  const bytes = await readExport(name);
  if (bytes === undefined) {
    throw new RequestError(
      RPC_CODES.noResource,
      'There is no such file any more. Exported lists are kept for a day: ask for the list again.',
    );
  }
  const mimeType = exportMimeType(name);
  return mimeType === 'text/csv'
    ? { mimeType, text: Buffer.from(bytes).toString('utf8') }
    : { mimeType, blob: Buffer.from(bytes).toString('base64') };
}

/** Without a policy an app may fetch nothing, and this one needs nothing. */
async function readDashboard(): Promise<Contents> {
  const text = await readFile(join(packageRoot(), 'dist', 'dashboard.html'), 'utf8');
  return { mimeType: APP_TYPE, text };
}

function unknownUri(): RequestError {
  return new RequestError(
    RPC_CODES.params,
    `No such resource. There are ${[DATA_URI, SEGMENTS_URI, ...TEMPLATES.map(({ uriTemplate }) => uriTemplate)].join(', ')}.`,
  );
}

const DATA_RESOURCES = [
  {
    uri: DASHBOARD_URI,
    name: 'dashboard',
    title: 'Dashboard',
    description: 'A page for clients that show apps; show_churn_dashboard opens it.',
    mimeType: APP_TYPE,
  },
  {
    uri: DATA_URI,
    name: 'data_summary',
    title: 'Imported data',
    description: 'How many orders, customers and products there are, and from which days.',
    mimeType: MARKDOWN,
  },
  {
    uri: SEGMENTS_URI,
    name: 'segments',
    title: 'Customer segments',
    description: 'How many customers are in each segment, and what they spent.',
    mimeType: MARKDOWN,
  },
];

const TEMPLATES = [
  {
    uriTemplate: 'churn://models/{model}/{version}',
    name: 'model_card',
    title: 'Model card',
    description: `The card of a version or of the champion. Models: ${REGISTERED_MODELS.join(', ')}.`,
    mimeType: MARKDOWN,
  },
  {
    uriTemplate: 'churn://metrics/{model}/{version}',
    name: 'metrics',
    title: 'Metrics of a model',
    description:
      'The figures of a version or of the champion as JSON, under the names that get_churn_metrics uses.',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'churn://segments/{segment}',
    name: 'segment',
    title: 'Customer segment',
    description: 'The rule of a segment, how many customers are in it and what they spent.',
    mimeType: MARKDOWN,
  },
];

async function versionResources({ registry }: Readable) {
  const versions = await registry.list();
  return versions.slice(0, MOST_VERSIONS).flatMap(({ card: { model, version, as_of }, aliases }) => {
    const marked = `${model} ${version}${aliases.length > 0 ? ` (${aliases.join(', ')})` : ''}`;
    return [
      {
        uri: `churn://models/${model}/${version}`,
        name: `${model} ${version}`,
        title: `Model card: ${marked}`,
        description: `What it is for, what it learnt from (data up to ${as_of}), how good it is and what its limits are.`,
        mimeType: MARKDOWN,
      },
      {
        uri: `churn://metrics/${model}/${version}`,
        name: `${model} ${version} metrics`,
        title: `Metrics: ${marked}`,
        description: 'Its figures as JSON.',
        mimeType: JSON_TYPE,
      },
    ];
  });
}
