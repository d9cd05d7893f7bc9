/** A search that goes on from a checkpoint comes to exactly what it would have come to without a break. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hugePageBios, pinners } from '../../../bench/explore-models.ts';
import type { Saved } from '../../../main/engine/explore/checkpoint/keeper.ts';
import { type SearchOptions, search } from '../../../main/engine/explore/search.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { W } from '../../../main/engine/step.ts';
import { holds } from '../../lab/property.ts';
import { worldOf } from './explore.ts';
import { bodyOf, randomProgram } from './random-programs.ts';

type Body = (lab: Lab) => void;

interface Run {
  readonly result: string;
  /** All checkpoints on the way, as they are on the disk after each. */
  readonly saved: readonly Saved[];
  /** How often the record began anew. */
  readonly beginnings: number;
}

/** Searches a body with a checkpoint at every look at the clock; `states` is its budget. */
function searched(body: Body, resume: Saved | null, options: SearchOptions & { readonly states?: number }): Run {
  const saved: Saved[] = [];
  let record: Int32Array[] = resume === null ? [] : [resume.record];
  let now = 0;
  let beginnings = 0;
  const { world, ...result } = search(
    worldOf(body),
    { words: new Set(), irqs: false },
    { states: options.states ?? 1e6, seconds: 1e9 },
    { now: () => now++, progress() {} },
    {
      ...options,
      probe: () => worldOf(body),
      checkpoint: {
        every: 0,
        resume,
        save(fresh, added, head) {
          if (fresh) beginnings++;
          record = fresh ? [...added] : [...record, ...added];
          saved.push({ record: joined(record), head });
        },
      },
    },
  );
  return { result: JSON.stringify({ ...result, actors: world.actors.map(({ name }) => name) }), saved, beginnings };
}

function joined(pieces: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Goes on from some of the checkpoints, and from one that the continued search makes. */
function expectTheSame(body: Body, options: SearchOptions & { readonly states?: number }, stride: number): number {
  const whole = searched(body, null, options);
  for (let i = 0; i < whole.saved.length; i += stride) {
    const once = searched(body, whole.saved[i] ?? null, options);
    expect(once.result).toBe(whole.result);
    // It did go on, and did not begin again by itself.
    expect(once.beginnings).toBeLessThan(whole.beginnings);
    const again = once.saved[once.saved.length >> 1] ?? null;
    if (again !== null) expect(searched(body, again, options).result).toBe(whole.result);
  }
  return whole.saved.length;
}

/** Takes many values, and has a check that fails late. */
function counting(lab: Lab): void {
  for (const [n, name] of ['A', 'B', 'C'].entries()) {
    const word = lab.word(name, 0);
    lab.task(name, function* () {
      for (let i = n; i < 40; i++) yield W(word, 3 * i);
    });
  }
}

describe('a search that goes on', () => {
  test.each<readonly [string, Body, SearchOptions & { readonly states?: number }]>([
    ['pinners', pinners(3, 2, true), { symmetry: false }],
    ['interchangeable pinners', pinners(4, 2, true), {}],
    ['pinners that do not look again', pinners(3, 3, false), {}],
    ['bios', hugePageBios(2, 3, true), {}],
    ['bios, step by step', hugePageBios(2, 3, true), { fuse: false, remember: 'never' }],
    ['many values, ended by a budget', counting, { states: 30_000 }],
  ])('over %s comes to the same', { timeout: 120_000 }, (_what, body, options) => {
    expect(expectTheSame(body, { ...options, look: 64 }, 11)).toBeGreaterThan(2);
  });

  test('over random programs comes to the same, wherever it was', { timeout: 600_000 }, () => {
    let checkpoints = 0;
    const options = fc.record({ fuse: fc.boolean(), symmetry: fc.boolean(), states: fc.constantFrom(40, 1e6) });
    holds(
      fc.record({ program: randomProgram, options, stride: fc.integer({ min: 1, max: 9 }) }),
      (one) => {
        checkpoints += expectTheSame(bodyOf(one.program), { ...one.options, look: 4 }, one.stride);
      },
      150,
    );
    expect(checkpoints).toBeGreaterThan(100);
  });

  test('from a checkpoint of another experiment begins at its beginning', () => {
    const [other] = searched(pinners(2, 2, true), null, { look: 64 }).saved;
    const whole = searched(pinners(2, 3, true), null, { look: 64 });
    expect(searched(pinners(2, 3, true), other ?? null, { look: 64 }).result).toBe(whole.result);
  });

  test('from a record that is cut off or damaged begins at its beginning', () => {
    const body = pinners(2, 2, true);
    const { saved, result } = searched(body, null, { look: 64 });
    const last = saved.at(-1) ?? { record: new Int32Array(0), head: '' };
    for (const damaged of [
      { ...last, record: last.record.slice(0, -5) },
      { ...last, record: new Int32Array(0) },
      { ...last, head: last.head.slice(0, 100) },
      { ...last, head: '{}' },
    ])
      expect(searched(body, damaged, { look: 64 }).result).toBe(result);
  });
});
