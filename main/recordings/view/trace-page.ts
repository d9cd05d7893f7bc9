/** One page of a trace beside a kernel of the model, as the window steps through it. */
import type { TracePage } from '../../../preload/contract.ts';
import { type KernelRevision, kernelById } from '../../engine/kernels/index.ts';
import { guessKernel, readUnder } from '../explain/explain.ts';
import type { Reading } from '../explain/follow.ts';
import { cellText } from '../to-experiment/cell.ts';
import { type EventBatch, REF_OPS } from '../traces/event-batch.ts';
import type { TraceIndex } from '../traces/index-reader.ts';
import { historyOf, suspicionsOf, windowText } from '../traces/timeline-text.ts';

/** Events of a page that are shown. */
const MOST_ROWS = 200_000;
/** Events that are read as calls: what comes later repeats what came before. */
const MOST_READ = 5000;
/** Pages that a guess looks at. */
const MOST_GUESSED = 8;
const MOST_ODD = 1000;
const MOST_WINDOWS = 20;
/** Names of a call that looks like several. */
const MOST_NAMES = 3;

/**
 * `guess` gives the kernels that explain the trace best; it is asked where no kernel is wanted.
 *
 * @throws RangeError for a page without events, or a kernel that is none.
 */
export function tracePage(
  index: TraceIndex,
  pfn: number,
  wanted: string | null,
  guess: () => readonly string[],
): TracePage {
  const events = eventsOf(index, pfn, MOST_ROWS);
  const guessed = wanted === null ? guess() : [];
  const kernel = revisionOf(wanted ?? guessed[0] ?? '7.2');
  const history = historyOf(pfn, events, index);
  const reading = readUnder(kernel, eventsOf(index, pfn, MOST_READ), index);
  const { call, calls } = callColumn(events, reading);
  const { task, tasks } = taskColumn(events, index);
  const n = events.length;
  const said = suspicionsOf(history).map(({ kind, certainty, text }) => `${kind} (${certainty}): ${text}`);
  const windows = history.windows.slice(0, MOST_WINDOWS).map((window) => windowText(history.timeline, window));
  return {
    pfn,
    kernel: kernel.id,
    guessed,
    before: history.timeline.before,
    line: events.line.slice(0, n),
    time: events.time.slice(0, n),
    task,
    op: events.op.slice(0, n),
    val: events.val.slice(0, n),
    ret: events.ret.slice(0, n),
    after: history.timeline.after,
    call,
    tasks,
    ops: REF_OPS,
    calls,
    odd: reading.odd.slice(0, MOST_ODD).map(({ row, expected, inCall }) => ({
      row,
      text:
        inCall === '' ? 'no call begins like this' : `in ${inCall} it would be ${expected.slice(0, 3).join(' or ')}`,
    })),
    said: [...said, ...windows],
  };
}

/** @throws RangeError as {@link tracePage}. */
export function tracePageCell(index: TraceIndex, pfn: number, kernel: string): string {
  const history = historyOf(pfn, eventsOf(index, pfn, MOST_READ), index);
  return cellText({ history, source: index, kernel: revisionOf(kernel), trace: index.about().source });
}

function eventsOf(index: TraceIndex, pfn: number, most: number): EventBatch {
  const events = index.events(pfn, most);
  if (events.length === 0) throw new RangeError(`the trace has no event of pfn 0x${pfn.toString(16)}`);
  return events;
}

/** Kernels that explain the pages of a trace best, of those with most events. */
export function guessOf(index: TraceIndex): readonly string[] {
  const pages = index.pages('events', MOST_GUESSED).map(({ pfn }) => index.events(pfn, MOST_READ));
  return guessKernel(pages, index).kernels;
}

function revisionOf(id: string): KernelRevision {
  const kernel = kernelById(id);
  if (kernel === undefined) throw new RangeError(`there is no kernel ${id}`);
  return kernel;
}

function callColumn(
  events: EventBatch,
  { calls: read }: Reading,
): { readonly call: Int32Array; readonly calls: string[] } {
  const call = new Int32Array(events.length).fill(-1);
  const numbers = new Map<string, number>();
  for (const { rows, endings, complete } of read) {
    const names = [...new Set(endings.map((ending) => ending.call))];
    const more = names.length > MOST_NAMES ? ` or ${names.length - MOST_NAMES} others` : '';
    const name = `${complete ? '' : 'begins '}${names.slice(0, MOST_NAMES).join(' or ')}${more}`;
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    for (const row of rows) call[row] = number;
  }
  return { call, calls: [...numbers.keys()] };
}

function taskColumn(events: EventBatch, index: TraceIndex): { readonly task: Uint32Array; readonly tasks: string[] } {
  const task = new Uint32Array(events.length);
  const numbers = new Map<number, number>();
  for (let row = 0; row < events.length; row++) {
    const id = events.task[row] ?? 0;
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    task[row] = number;
  }
  return { task, tasks: [...numbers.keys()].map((id) => index.task(id)) };
}
