/** The different numbers of a list, and where each entry of the list is among them. */
export interface Distinct {
  readonly values: Float64Array;
  readonly indexOf: Uint32Array;
}

/** In the order of their first entries. */
export function distinctOf(entries: Float64Array): Distinct {
  const known = new Map<number, number>();
  const indexOf = Uint32Array.from(entries, (entry) => {
    const index = known.get(entry) ?? known.size;
    known.set(entry, index);
    return index;
  });
  return { values: Float64Array.from(known.keys()), indexOf };
}
