/** A reading of a page under a kernel, and a guess of the kernel, as text. */
import type { KernelRevision } from '../../engine/kernels/index.ts';
import { REF_OPS } from '../traces/event-batch.ts';
import type { Source } from '../traces/suspicion.ts';
import type { Timeline } from '../traces/timeline.ts';
import type { Guess } from './explain.ts';
import type { OddEvent, ReadCall, Reading } from './follow.ts';

/** Calls that are listed. */
const MOST_CALLS = 60;
/** Names of a call that looks like several. */
const MOST_NAMES = 3;

export function guessText({ kernels, odd, events, evidence }: Guess): string {
  const fits = odd === 0 ? 'explains every event' : `leaves ${odd} of ${events} events unexplained`;
  const said = kernels.length === 1 ? `${kernels[0]} ${fits}` : `each of ${kernels.join(', ')} ${fits}`;
  return [`kernel: ${said}`, ...evidence.map(({ text }) => `  ${text}`), ''].join('\n');
}

export function explanationText(
  timeline: Timeline,
  { calls, odd }: Reading,
  kernel: KernelRevision,
  source: Source,
): string {
  const { pfn, events } = timeline;
  const lines = [`pfn 0x${pfn.toString(16)} beside ${kernel.id}: ${events.length} events`];
  const [first, ...more] = odd;
  if (first === undefined) lines.push(`every event is part of a call that ${kernel.id} makes`);
  else {
    lines.push(`the first event that no call of ${kernel.id} causes here:`, ...oddText(timeline, first, source));
    if (more.length > 0) lines.push(`  and ${more.length} more, the next at line ${events.line[more[0]?.row ?? 0]}`);
  }
  lines.push('', 'read as');
  for (const call of calls.slice(0, MOST_CALLS)) lines.push(`  ${callText(timeline, call, source)}`);
  if (calls.length > MOST_CALLS) lines.push(`  and ${calls.length - MOST_CALLS} more`);
  return `${lines.join('\n')}\n`;
}

function oddText({ events, after }: Timeline, { row, expected, inCall }: OddEvent, source: Source): string[] {
  const who = source.task(events.task[row] ?? 0);
  const what = `page_ref_${REF_OPS[events.op[row] ?? 0]} val=${events.val[row]}`;
  const lines = [`  line ${events.line[row]} (${who === '' ? '' : `${who}: `}${what}), count ${after[row]}`];
  if (inCall !== '') lines.push(`  in the middle of ${inCall}, where it would do ${expected.slice(0, 3).join(' or ')}`);
  return lines;
}

function callText({ events }: Timeline, { rows, endings, complete }: ReadCall, source: Source): string {
  const [first = 0] = rows;
  const last = rows.at(-1) ?? first;
  const lines = first === last ? `line ${events.line[first]}` : `lines ${events.line[first]}-${events.line[last]}`;
  const names = [...new Set(endings.map(({ call }) => call))];
  const shown = names.slice(0, MOST_NAMES).join(' or ');
  const more = names.length > MOST_NAMES ? ` or ${names.length - MOST_NAMES} others` : '';
  const who = source.task(events.task[first] ?? 0);
  return `${lines}${who === '' ? '' : ` (${who})`}: ${complete ? '' : 'the beginning of '}${shown}${more}`;
}
