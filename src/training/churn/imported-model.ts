import { sha256Of } from '../../files/checksum.ts';
import type { TreeEnsemble } from '../../gbdt/tree.ts';
import type { Imported } from '../../registry/card-details.ts';
import { convertXgboost } from '../../xgboost/convert-xgboost.ts';
import { foldScaler, readScaler } from '../../xgboost/fold-scaler.ts';
import { readXgboostModel } from '../../xgboost/model-file.ts';
import type { ImportModelRequest } from '../import-request.ts';
import { resolveImportedFeatures } from './imported-features.ts';

/** A model that XGBoost trained elsewhere, and what the card says of where it comes from. */
export interface ImportedModel {
  readonly ensemble: TreeEnsemble;
  readonly imported: Imported;
}

/** @throws MODEL_REFUSED */
export async function readImportedModel({
  file,
  features,
  scalerFile,
}: ImportModelRequest): Promise<ImportedModel> {
  const { model, bytes } = await readXgboostModel(file);
  const converted = convertXgboost(model, resolveImportedFeatures(model.featureNames, features));
  const scaler = scalerFile === undefined ? undefined : await readScaler(scalerFile);
  return {
    ensemble: scaler ? foldScaler(converted, scaler) : converted,
    imported: {
      from: 'xgboost',
      version: model.version,
      objective: model.objective,
      iterations: Math.ceil(converted.trees.length / model.treesPerIteration),
      scaled: scaler !== undefined,
      sha256: sha256Of(bytes),
    },
  };
}
