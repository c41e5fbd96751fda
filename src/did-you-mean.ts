/** Code units of a mistyped name that are compared: the distance of a longer one would take too long. */
const MOST_COMPARED = 80;

/** `Did you mean "limit"? ` if a known name is similar to the mistyped one, else an empty text. Put it before a list. */
export function didYouMean(name: string, known: readonly string[]): string {
  const closest = closestTo(name, known);
  return closest === undefined ? '' : `Did you mean "${closest}"? `;
}

/** Whether a name differs from a known one by a slip of the keyboard: two letters at most, of at least six. */
export function isMistyped(name: string, known: readonly string[]): boolean {
  const lower = name.slice(0, MOST_COMPARED).toLowerCase();
  return lower.length >= 6 && known.some((candidate) => editDistance(lower, candidate) <= 2);
}

function closestTo(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.slice(0, MOST_COMPARED).toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance, row by row. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substituted = above[column - 1] + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(above[column] + 1, current[column - 1] + 1, substituted));
    }
    above = current;
  }
  return above[b.length];
}
