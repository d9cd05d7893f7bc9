/** A page's events beside what a kernel's calls do: the first that no call would cause, and which kernel it most likely was. */
import { KERNELS, type KernelRevision, RECORDED_KERNELS } from '../../engine/kernels/index.ts';
import type { EventBatch } from '../traces/event-batch.ts';
import type { NameLookup } from '../traces/moves.ts';
import { type Evidence, evidenceIn } from './evidence.ts';
import { follow, type Reading } from './follow.ts';
import { Shapes } from './shapes.ts';

/** Different amounts on large folios that are looked into; a page has few. */
const MOST_SIZES = 12;
const MOST_SIZES_TO_GUESS = 4;

const thorough = new Map<KernelRevision, Shapes>();
const telling = new Map<KernelRevision, Shapes>();

/** Shapes of a kernel's calls, kept: they are made once. */
function shapesOf(revision: KernelRevision, all: boolean): Shapes {
  const kept = all ? thorough : telling;
  let shapes = kept.get(revision);
  if (shapes === undefined) {
    shapes = new Shapes(revision, all);
    kept.set(revision, shapes);
  }
  return shapes;
}

/** Reads a page's events as calls of a kernel. */
export function readUnder(revision: KernelRevision, events: EventBatch, names: NameLookup): Reading {
  const shapes = shapesOf(revision, true);
  for (const size of sizesIn(events, names, MOST_SIZES)) shapes.addSize(size);
  return follow(events, names, shapes);
}

export interface Guess {
  /** Kernels that explain most, the newest first; a trace seldom tells neighbours apart. */
  readonly kernels: readonly string[];
  /** Events that even they would not cause. */
  readonly odd: number;
  readonly events: number;
  readonly evidence: readonly Evidence[];
}

/** Guesses the kernel from pages of a trace: from those calls by which releases differ. */
export function guessKernel(pages: readonly EventBatch[], names: NameLookup): Guess {
  const scores = [...RECORDED_KERNELS, ...KERNELS].map((revision) => {
    const shapes = shapesOf(revision, false);
    let odd = 0;
    for (const events of pages) {
      for (const size of sizesIn(events, names, MOST_SIZES_TO_GUESS)) shapes.addSize(size);
      odd += follow(events, names, shapes).odd.length;
    }
    return { id: revision.id, odd };
  });
  const evidence = evidenceIn(pages, names);
  const least = Math.min(...scores.map(({ odd }) => odd));
  const best = scores.filter(({ odd }) => odd === least).map(({ id }) => id);
  const agreeing = best.filter((id) => evidence.every((one) => one.fits(id)));
  const events = pages.reduce((sum, { length }) => sum + length, 0);
  return { kernels: (agreeing.length > 0 ? agreeing : best).reverse(), odd: least, events, evidence };
}

/** Numbers of pages that calls on a large folio were about: amounts, and for those taken in two additions their sum. */
function sizesIn(events: EventBatch, names: NameLookup, most: number): number[] {
  const sizes = new Map<number, number>();
  const large = new Map<number, boolean>();
  for (let row = 0; row < events.length; row++) {
    const flags = events.flags[row] ?? 0;
    if (!large.has(flags)) large.set(flags, `|${names.flags(flags)}|`.includes('|head|'));
    if (large.get(flags) !== true) continue;
    const amount = Math.abs(events.val[row] ?? 0);
    for (const size of [amount, amount + 1]) {
      if (size >= 1 && size <= 512) sizes.set(size, (sizes.get(size) ?? 0) + (size === amount ? 1 : 0.1));
    }
  }
  return [...sizes]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, most)
    .map(([size]) => size);
}
