/** Counts that traces of real kernels reconstruct, beside what /proc/kcore held at the same moment. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stepsFile } from '../../../main/recordings/format/steps.ts';
import { type Timeline, timelineOf } from '../../../main/recordings/traces/timeline.ts';
import { filesEnding } from '../at-hand.ts';
import { eventsOf, type Scanned, scan } from './scan.ts';

const captures = filesEnding('.steps.json').map(({ path, name }) => ({
  name,
  steps: stepsFile.parse(JSON.parse(readFileSync(path, 'utf8'))),
  trace: scan([readFileSync(path.replace(/\.steps\.json$/, '.trace.txt'))]),
}));

describe('the trace of a recording', () => {
  it('is there', () => {
    expect(captures.length).toBeGreaterThan(20);
  });

  it.each(captures)('gives every count its step file states: $name', ({ steps, trace }) => {
    expect(trace.damaged).toEqual([]);
    expect(trace.lost).toEqual([]);
    const timelines = new Map<number, Timeline>();
    for (const pfn of new Set(trace.batch.pfn)) timelines.set(pfn, timelineOf(pfn, eventsOf(trace, pfn)));
    for (const timeline of timelines.values()) expect(timeline).toMatchObject({ gaps: [], strange: 0 });
    const states = steps.steps.filter((step) => 'pages' in step);
    const markers = trace.markers.filter(({ text }) => /: (?:after |begin)/.test(text));
    const whole = steps.trace_lines_dropped_at_end === 0;
    if (whole) expect(markers).toHaveLength(states.length);
    const stated: string[] = [];
    const reconstructed: string[] = [];
    states.forEach(({ step, pages }, i) => {
      const marker = markers[i];
      if (marker === undefined) return;
      for (const { pfn, head_pfn: head, refcount, ok } of pages) {
        if (ok === 0) continue;
        const at = `after ${step}, pfn ${pfn}:`;
        stated.push(`${at} ${refcount}`);
        const timeline = timelines.get(head);
        const count = timeline === undefined ? quietCount(states, pfn, head) : countAt(trace, timeline, marker.event);
        reconstructed.push(`${at} ${count}`);
      }
    });
    expect(reconstructed).toEqual(stated);
    expect(stated.length).toBeGreaterThan(0);
  });
});

interface States {
  readonly pages: readonly { readonly pfn: number; readonly head_pfn: number; readonly refcount: number }[];
}

/** A page without events keeps its count; what was a tail page and is none any more never had one. */
function quietCount([first]: readonly States[], pfn: number, head: number): number {
  const before = first?.pages.find((page) => page.pfn === pfn);
  return before !== undefined && before.head_pfn !== head ? 0 : (before?.refcount ?? Number.NaN);
}

/** The count of a page when `events` events of the whole trace have happened. */
function countAt(trace: Scanned, { pfn, before, after }: Timeline, events: number): number {
  let rows = 0;
  for (let i = 0; i < events; i++) if (trace.batch.pfn[i] === pfn) rows++;
  return rows === 0 ? before : (after[rows - 1] ?? Number.NaN);
}
