/** The model that an answer comes from. */
interface Model {
  readonly model: string;
  readonly version: string;
}

/** Where an answer comes from: its last line. `trainedNow`: the call found no model and trained this one. */
export function modelText({ model, version }: Model, trainedNow = false): string {
  return trainedNow
    ? `Model: ${model} ${version}, trained just now because there was none.`
    : `Model: ${model} ${version}.`;
}
