import { ChurnMcpError } from '../errors.ts';

/** What a file that cannot be taken as a model is answered with. */
export function refusedModel(message: string, hint: string, cause?: unknown): ChurnMcpError {
  return new ChurnMcpError('MODEL_REFUSED', message, { hint, ...(cause !== undefined && { cause }) });
}

export const SAVE_AGAIN = 'Save the booster again with booster.save_model("model.ubj") or "model.json".';
