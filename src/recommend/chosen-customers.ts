import type { Segment } from '../customers/segments.ts';
import type { DayView } from '../data/compose-statement.ts';
import type { Id } from '../data/data-source.ts';
import { customersOfSegment } from '../features/recommendation-features.ts';

/** First customers of a segment that are kept per snapshot: lists rarely go further. */
const KEPT_CUSTOMERS = 2000;

/** By a day's data, whose segments never change: the first customers of each segment. */
const keptSegments = new WeakMap<DayView['data'], Map<Segment, Promise<readonly Id[]>>>();

export interface SegmentPage {
  readonly segment: Segment;
  readonly count: number;
  readonly offset: number;
}

/** Customers of a segment, those away longest first. */
export async function customersOfPage(
  { segment, count, offset }: SegmentPage,
  day: DayView,
  signal: AbortSignal | undefined,
): Promise<readonly Id[]> {
  const end = offset + count;
  if (end > KEPT_CUSTOMERS) return readSegment(segment, { from: offset, to: end }, day, signal);
  const known = keptSegments.get(day.data) ?? new Map<Segment, Promise<readonly Id[]>>();
  keptSegments.set(day.data, known);
  const first = known.get(segment) ?? readSegment(segment, { from: 0, to: KEPT_CUSTOMERS }, day, undefined);
  known.set(segment, first);
  try {
    return (await first).slice(offset, end);
  } catch (error) {
    known.delete(segment);
    throw error;
  }
}

async function readSegment(
  segment: Segment,
  { from, to }: { readonly from: number; readonly to: number },
  day: DayView,
  signal: AbortSignal | undefined,
): Promise<Id[]> {
  const statement = day.statement(customersOfSegment(segment, to - from, from));
  return (await day.data.columns({ ...statement, signal })).ids('customer_id');
}

/** Customers that are named, as the shop writes their ids; a text that is no number names nobody in a shop of numbers. */
export function customersNamed(names: readonly string[], idType: 'integer' | 'text'): Id[] {
  const distinct = [...new Set(names)];
  if (idType === 'text') return distinct;
  return distinct.map(Number).filter((id, i) => Number.isSafeInteger(id) && String(id) === distinct[i]);
}
