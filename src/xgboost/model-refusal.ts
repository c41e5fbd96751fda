import { ChurnMcpError } from '../errors.ts';

/** The error for a file that cannot be read as a model. */
export function refusedModel(message: string, hint: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('MODEL_REFUSED', message, { hint, ...(cause !== undefined && { cause }) });
}

export const SAVE_AGAIN = 'Save the booster again with booster.save_model("model.ubj") or "model.json".';
