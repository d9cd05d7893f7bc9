/**
 * A page frame has many lives, and a trace filtered by frame number shows what others did with the frame before and after
 * the program had it. Only the life the recording is about is compared:
 * - a frame the program watched from the start lives until its count becomes 0 for good;
 * - a frame that a step's list of pages names for the first time lives since the last allocation before that list.
 */
import type { ExpectedStep, RecordedEvent } from './expectation.ts';

/** Whether an event ends a page's life. `next` is the frame's next event, if the trace has one. */
export function endsLife(event: RecordedEvent, next: RecordedEvent | undefined): boolean {
  const { op, ret } = event.ref;
  if (op === 'mod_and_test') return ret === 1;
  if (op === 'mod_and_return') return ret === 0;
  // A split freezes and unfreezes; what reclaim froze is freed.
  return op === 'freeze' && ret === 1 && next?.ref.op !== 'unfreeze' && next?.ref.op !== 'mod';
}

function beginsLife({ ref }: RecordedEvent): boolean {
  return ref.op === 'set' || ref.op === 'unfreeze';
}

interface Place {
  readonly step: number;
  readonly event: RecordedEvent;
}

/** The same steps with the events of other lives left out. `watched` are the frames known before the first step. */
export function withoutStrangers(steps: readonly ExpectedStep[], watched: ReadonlySet<number>): ExpectedStep[] {
  const kept = new Set<RecordedEvent>();
  for (const [pfn, places] of byFrame(steps)) {
    const first = steps.findIndex(({ pages }) => pages?.some((page) => page.pfn === pfn));
    for (const event of watched.has(pfn) ? firstLife(places, 0) : lifeBegunIn(places, first)) kept.add(event);
  }
  return steps.map((step) => ({ ...step, events: step.events?.filter((event) => kept.has(event)) ?? null }));
}

function byFrame(steps: readonly ExpectedStep[]): Map<number, Place[]> {
  const frames = new Map<number, Place[]>();
  for (const [step, { events }] of steps.entries()) {
    for (const event of events ?? []) {
      const places = frames.get(event.ref.pfn) ?? [];
      places.push({ step, event });
      frames.set(event.ref.pfn, places);
    }
  }
  return frames;
}

function firstLife(places: readonly Place[], from: number): RecordedEvent[] {
  const life: RecordedEvent[] = [];
  for (let i = from; i < places.length; i++) {
    const place = places[i];
    if (place === undefined) break;
    life.push(place.event);
    if (endsLife(place.event, places[i + 1]?.event)) break;
  }
  return life;
}

/** The life that began last when a step was over. */
function lifeBegunIn(places: readonly Place[], step: number): RecordedEvent[] {
  const begun = places.findLastIndex((place) => place.step <= step && beginsLife(place.event));
  return begun < 0 ? [] : firstLife(places, begun);
}
