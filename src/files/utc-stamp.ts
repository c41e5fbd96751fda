/** `YYYYMMDD_HHMMSS` in UTC, for names of files: they sort as their times do. */
export function utcStamp(time: Date): string {
  const [date, clock] = time.toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length).split('T');
  return `${date.replaceAll('-', '')}_${clock.replaceAll(':', '')}`;
}
