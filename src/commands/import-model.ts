import { ChurnMcpError } from '../errors.ts';
import { trainedFieldsOf } from '../mcp/training-fields.ts';
import type { Services } from '../server/services.ts';
import { type CommandEnvironment, type CommonFlags, withServices } from './command-context.ts';
import { parseName, parseWhole } from './flag-values.ts';

export interface ImportModelFlags {
  readonly features?: string;
  readonly model?: string;
  readonly scaler?: string;
  readonly horizonDays?: string;
  readonly comment?: string;
}

const MODELS = ['customer_churn_forecast', 'customer_churn_predictor'] as const;
const MOST_HORIZON_DAYS = 3650;
const MOST_COMMENT = 500;

/** Registers a model that XGBoost saved as a new version, and says how good it is on the imported orders. */
export function runImportModel(
  given: { readonly model: string | undefined; readonly version: string | undefined },
  flags: CommonFlags & ImportModelFlags & { readonly json?: boolean },
  environment: CommandEnvironment,
): Promise<number> {
  const request = parseImportRequest(given, flags);
  return withServices(environment, flags, async ({ services, signal, display, print }) => {
    const trained = await services.importModel(request, {
      signal,
      onProgress: display.listener,
    });
    display.stop();
    const fields = trainedFieldsOf(trained, 'detailed');
    print(flags.json ? JSON.stringify(fields, null, 2) : fields.text);
    return 0;
  });
}

/** @throws USAGE */
export function parseImportRequest(
  {
    model: file,
    version: extra,
  }: { readonly model: string | undefined; readonly version: string | undefined },
  flags: ImportModelFlags,
): Parameters<Services['importModel']>[0] {
  if (file === undefined || extra !== undefined) {
    throw new ChurnMcpError('USAGE', 'An import of a model takes one file.', {
      hint: 'churn-mcp models import FILE --features total_orders,total_spent,…',
    });
  }
  const { features, scaler, horizonDays, comment } = flags;
  const model = parseName('model', flags.model ?? MODELS[0], MODELS);
  if (horizonDays !== undefined && model !== 'customer_churn_forecast') {
    throw new ChurnMcpError('USAGE', '--horizon-days belongs to customer_churn_forecast.', {
      hint: 'Leave it out: customer_churn_predictor has no horizon, it tells who has been silent for a week.',
    });
  }
  if (comment !== undefined && comment.length > MOST_COMMENT) {
    throw new ChurnMcpError('USAGE', `--comment takes at most ${MOST_COMMENT} characters.`);
  }
  return {
    model,
    file,
    ...(features !== undefined && { features: features.split(',') }),
    ...(scaler !== undefined && { scalerFile: scaler }),
    ...(horizonDays !== undefined && {
      horizonDays: parseWhole('--horizon-days', horizonDays, 1, MOST_HORIZON_DAYS),
    }),
    ...(comment !== undefined && { comment }),
  };
}
