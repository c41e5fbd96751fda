/** Imports data by a tool call, so that nobody needs a terminal for it. */
import { join } from 'node:path';
import { writeError } from '../data/duckdb/duckdb-errors.ts';
import { homeLayout } from '../data/home-layout.ts';
import type { FilePaths } from '../data/import/import-request.ts';
import { ChurnMcpError } from '../errors.ts';
import { allowedFile } from '../files/allowed-path.ts';
import { withFolderAside } from '../files/aside.ts';
import { writeNewFile } from '../files/durable-files.ts';
import type { ToolContext } from '../mcp/tool-context.ts';
import { CallQueue } from './call-queue.ts';
import type { ServiceParts } from './service-parts.ts';

/** Each import needs the memory and the disk of a whole shop, and replaces the one before. */
const ONE_BY_ONE = { running: 1, runningPerPrincipal: 1, waitingPerPrincipal: 10 } as const;

export function createImportService(parts: ServiceParts): ToolContext['data'] {
  const { home, importFolders, segmentThresholds, now } = parts;
  const imports = new CallQueue(ONE_BY_ONE);
  const inTurn = <Result>(signal: AbortSignal | undefined, work: () => Promise<Result>) =>
    imports.run('imports', signal ?? new AbortController().signal, work);
  const allowed = (paths: FilePaths | undefined) => allowedFiles(paths, importFolders);
  return {
    async importShop({ pasted, ...request }, { signal, onProgress }) {
      assertOrdersAreLocal(parts);
      const { importShop } = await import('../data/import/import-shop.ts');
      const files = {
        orders: await allowed(request.orders),
        orderItems: await allowed(request.orderItems),
        products: await allowed(request.products),
        customers: await allowed(request.customers),
      };
      const options = { home, segmentThresholds, signal, onProgress, now: now() };
      return inTurn(signal, () =>
        pasted === undefined
          ? importShop({ ...request, ...files }, options)
          : withPasted(pasted.csv, home, (file) =>
              importShop({ ...request, ...files, [pasted.table]: file }, options),
            ),
      );
    },
    async importTable({ pasted, ...request }, { signal, onProgress }) {
      const { importFeatureTable } = await import('../data/import/customer-table/import-feature-table.ts');
      const options = { home, signal, onProgress };
      return inTurn(signal, async () =>
        pasted === undefined
          ? importFeatureTable(
              { ...request, features: await allowedFile(request.features, importFolders) },
              options,
            )
          : withPasted(pasted, home, (features) => importFeatureTable({ ...request, features }, options)),
      );
    },
    async makeDemoShop({ customers }, { signal, onProgress }) {
      assertOrdersAreLocal(parts);
      const { createDemoShop } = await import('../data/demo/create-demo-shop.ts');
      return inTurn(signal, () =>
        createDemoShop({ home, segmentThresholds, customers, now, signal, onProgress }),
      );
    },
    async holdsOwnShop() {
      assertOrdersAreLocal(parts);
      const { holdsOwnShop } = await import('../data/demo/best-reachable.ts');
      return holdsOwnShop(parts.data);
    },
  };
}

async function allowedFiles(
  paths: FilePaths | undefined,
  folders: readonly string[],
): Promise<FilePaths | undefined> {
  if (paths === undefined) return undefined;
  const listed = typeof paths === 'string' ? [paths] : paths;
  return Promise.all(listed.map((path) => allowedFile(path, folders)));
}

/** Pasted rows as a file of the home, for as long as the import takes. If it is killed, the next one removes the file. */
async function withPasted<Result>(
  csv: string,
  home: string,
  read: (file: string) => Promise<Result>,
): Promise<Result> {
  return withFolderAside(homeLayout(home).data, async (folder) => {
    const file = join(folder, 'pasted.csv');
    await writeNewFile(file, csv);
    return read(file);
  }).catch((error: unknown) => {
    throw writeError(error);
  });
}

function assertOrdersAreLocal({ isInSnowflake }: ServiceParts): void {
  if (!isInSnowflake) return;
  throw new ChurnMcpError(
    'INVALID_ARGUMENT',
    'Answers come from the orders in Snowflake, so none are imported.',
    {
      hint: 'Ask the person who runs the server to unset CHURN_MCP_DATA_SOURCE.',
    },
  );
}
