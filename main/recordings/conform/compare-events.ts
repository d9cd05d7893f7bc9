/**
 * The page_ref events of one step: what the recording has, what the engine did. Operation, value and result of every event
 * of every watched page must agree, in the page's own order. The order between pages counts too where the program itself
 * did it; what interrupts and other CPUs do (drains of LRU batches among it) has no order against other pages.
 */

/** An event with the page frame it is about; both sides in one form. */
export interface FrameEvent {
  readonly pfn: number;
  readonly op: string;
  readonly val: number;
  readonly ret: number | null;
  /** The count as it was read after the event; null where another CPU may have changed it in between. */
  readonly count: number | null;
  /** Part of a drain of an LRU batch. */
  readonly drain: boolean;
}

export interface EventDifference {
  readonly expected: string;
  readonly got: string;
}

interface Options {
  /** The recording ends within the step: the engine may have more. */
  readonly cut: boolean;
  /** Whether the order between pages is certain. */
  readonly ordered: boolean;
}

/** The first difference, or null. */
export function compareEvents(
  recorded: readonly FrameEvent[],
  modelled: readonly FrameEvent[],
  { cut, ordered }: Options,
): EventDifference | null {
  for (const pfn of new Set([...recorded, ...modelled].map((event) => event.pfn))) {
    const of = (events: readonly FrameEvent[]): FrameEvent[] => events.filter((event) => event.pfn === pfn);
    const difference = compareSequence(of(recorded), of(modelled), cut);
    if (difference !== null) return difference;
  }
  if (!ordered) return null;
  const own = (events: readonly FrameEvent[]): FrameEvent[] => events.filter(({ drain }) => !drain);
  return compareSequence(own(recorded), own(modelled), cut);
}

function compareSequence(
  recorded: readonly FrameEvent[],
  modelled: readonly FrameEvent[],
  cut: boolean,
): EventDifference | null {
  const length = cut ? recorded.length : Math.max(recorded.length, modelled.length);
  for (let i = 0; i < length; i++) {
    const [expected, got] = [recorded[i], modelled[i]];
    if (expected !== undefined && got !== undefined && same(expected, got)) continue;
    const at = `event ${i + 1} of ${recorded.length}`;
    return { expected: `${at}: ${textOf(expected)}`, got: `event ${i + 1} of ${modelled.length}: ${textOf(got)}` };
  }
  return null;
}

function same(a: FrameEvent, b: FrameEvent): boolean {
  const alike = a.pfn === b.pfn && a.op === b.op && a.val === b.val && a.ret === b.ret;
  return alike && (a.count === null || b.count === null || a.count === b.count);
}

function textOf(event: FrameEvent | undefined): string {
  if (event === undefined) return 'none';
  const ret = event.ret === null ? '' : ` ret=${event.ret}`;
  const count = event.count === null ? '' : ` count=${event.count}`;
  return `page_ref_${event.op} pfn=0x${event.pfn.toString(16)}${count} val=${event.val}${ret}`;
}
