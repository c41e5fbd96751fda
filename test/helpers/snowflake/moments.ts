let moments = 0;

/** A moment, later than every one before, as a literal in UTC. */
export function nextMoment(): string {
  const [day, time] = new Date().toISOString().slice(0, -1).split('T');
  return `timestamp '${day} ${time}${String(++moments % 1000).padStart(3, '0')}'`;
}
