import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timelineOf } from '../../../main/recordings/traces/timeline.ts';
import '../seed.ts';
import { eventsOf, scanText } from './scan.ts';
import { examine, get, lineOf, PFN, pin, put, unpin, type Written } from './traces.ts';

describe("a page's timeline", () => {
  it('is the counts after each event', () => {
    const { timeline } = examine([...pin(2), put(1025), unpin(1)]);
    expect(timeline.before).toBe(2);
    expect([...timeline.after]).toEqual([3, 1026, 1025, 1]);
  });

  it('takes a failed freeze and a failed get for what they are', () => {
    const { timeline } = examine([
      get(2),
      { op: 'freeze', val: 1, ret: 0, count: 2 },
      { op: 'freeze', val: 2, ret: 1, count: 0 },
      get(0, { ret: 0 }),
      { op: 'unfreeze', val: 2, count: 2 },
      put(1),
    ]);
    expect(timeline.before).toBe(1);
    expect([...timeline.after]).toEqual([2, 2, 0, 0, 2, 1]);
    expect(timeline.gaps).toEqual([]);
  });

  it('does not believe printed counts that another CPU has changed in the meantime', () => {
    const { timeline } = examine([get(2), get(4), get(4), put(3), put(1), put(1)]);
    expect([...timeline.after]).toEqual([2, 3, 4, 3, 2, 1]);
    expect(timeline).toMatchObject({ gaps: [], strange: 2 });
  });

  it('believes them where they go on saying that events are missing', () => {
    const { timeline } = examine([get(2), get(3), put(6), get(7), put(6), put(5)]);
    expect([...timeline.after]).toEqual([2, 3, 6, 7, 6, 5]);
    expect(timeline.gaps).toEqual([{ row: 2, expected: 2, found: 6, proven: false }]);
  });

  it('knows from a put that frees that events are missing', () => {
    const { timeline } = examine([get(2), get(3), put(0)]);
    expect(timeline.gaps).toEqual([{ row: 2, expected: 3, found: 1, proven: true }]);
    expect([...timeline.after]).toEqual([2, 3, 0]);
  });

  it('is cut into lives where the page was freed or allocated', () => {
    const { timeline } = examine([
      put(1),
      put(0),
      { op: 'set', val: 1, count: 1, flags: 'none' },
      get(2),
      put(1),
      put(0),
      { op: 'set', val: 1, count: 1, flags: 'none' },
    ]);
    expect(timeline.lives).toEqual([
      { from: 0, to: 2, begins: false, ends: true },
      { from: 2, to: 6, begins: true, ends: true },
      { from: 6, to: 7, begins: true, ends: false },
    ]);
  });

  it('is right for every history, whatever is read again between the operation and the event', () => {
    fc.assert(
      fc.property(histories, ({ before, events, after }) => {
        const text = `${events.map(lineOf).join('\n')}\n`;
        const timeline = timelineOf(PFN, eventsOf(scanText(text), PFN));
        expect(timeline.before).toBe(before);
        expect([...timeline.after]).toEqual(after);
        expect(timeline.gaps).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Histories of one page, in which up to every fifth printed count holds a neighbour's operation as well. */
const histories = fc
  .record({
    before: fc.integer({ min: 1, max: 5000 }),
    deltas: fc.array(fc.integer({ min: -1030, max: 1030 }), { minLength: 1, maxLength: 60 }),
    noise: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 60, maxLength: 60 }),
  })
  .map(({ before, deltas, noise }) => {
    let count = before;
    const events: Written[] = [];
    const after: number[] = [];
    deltas.forEach((delta, i) => {
      // Counts that stay above zero: what reaches it is proven, not guessed.
      const step = count + delta <= 0 ? Math.abs(delta) : delta;
      count += step;
      const heard = i % 5 === 2 ? count + (noise[i] ?? 0) : count;
      if (step > 0) events.push({ op: 'mod', val: step, count: heard });
      else events.push({ op: 'mod_and_test', val: step, ret: 0, count: heard });
      after.push(count);
    });
    return { before, events, after };
  });
