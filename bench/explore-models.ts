/**
 * The two models every explorer is measured on, written as ordinary experiments with raw steps: GUP-fast pinning against
 * unmap, free and reallocation, and the huge page whose bios each drop a pin. Their SPIN twins are in explore-spin.ts;
 * one step here is one atomic access there.
 */
import type { Lab, Steps, Word } from '../main/engine/interface.ts';
import { expect } from '../main/engine/observe.ts';
import { ADDR, CAS, R, W, WAIT } from '../main/engine/step.ts';

const BIAS = 1024;
/** A page's state: bit 0 it is allocated, bit 1 somebody else owned it last. */
const OURS = 1;
const THEIRS = 3;

interface Frame {
  /** Page-table entry: 1 while it maps the page. */
  readonly pte: Word;
  readonly ref: Word;
  readonly page: Word;
}

function frame(lab: Lab): Frame {
  return { pte: lab.word('pte', 1), ref: lab.word('_refcount', 1), page: lab.word('page', OURS) };
}

function* put(ref: Word, n: number): Steps<boolean> {
  const left = yield ADDR(ref, -n);
  expect(left).toBeAtLeast(0);
  return left === 0;
}

function* free(page: Word): Steps<void> {
  expect((yield ADDR(page, -1)) & 1).toBe(0);
}

/** Takes `n` unless the count is zero. The count is read again when another CPU was faster. */
function* grab(ref: Word, n: number): Steps<boolean> {
  for (;;) {
    const count = yield R(ref);
    if (count === 0) return false;
    if ((yield CAS(ref, count, count + n)) === 1) return true;
  }
}

function* unmapper({ pte, ref, page }: Frame): Steps<void> {
  yield W(pte, 0);
  if (yield* put(ref, 1)) yield* free(page);
  if ((yield CAS(page, OURS - 1, THEIRS)) === 0) return;
  yield W(ref, 1);
  if (yield* put(ref, 1)) yield* free(page);
}

/** `cpus` pinners of `rounds` rounds each; without `recheck` the entry is not read again after the pin. */
export function pinners(cpus: number, rounds: number, recheck: boolean) {
  return (lab: Lab): void => {
    const memory = frame(lab);
    const { pte, ref, page } = memory;
    for (let cpu = 0; cpu < cpus; cpu++) {
      lab.task(`pinner ${cpu}`, function* () {
        for (let round = 0; round < rounds; round++) {
          if ((yield R(pte)) === 0) continue;
          if (!(yield* grab(ref, BIAS))) continue;
          if (!recheck || (yield R(pte)) === 1) expect(yield R(page)).toBe(OURS);
          if (yield* put(ref, BIAS)) yield* free(page);
        }
      });
    }
    lab.task('unmapper', function* () {
      yield* unmapper(memory);
    });
  };
}

/**
 * `cpus` pinners of one huge page, each with `bios` bios in flight. `fixed` takes a bias for each of them and gives back
 * as many; otherwise one bias is taken for all, as posted in v5 17/24.
 */
export function hugePageBios(cpus: number, bios: number, fixed: boolean) {
  return (lab: Lab): void => {
    const memory = frame(lab);
    const { pte, ref, page } = memory;
    for (let cpu = 0; cpu < cpus; cpu++) {
      const submitted = lab.word(`submitted ${cpu}`, 0);
      lab.task(`pinner ${cpu}`, function* () {
        if ((yield R(pte)) === 0) return;
        if (!(yield* grab(ref, fixed ? bios * BIAS : BIAS))) return;
        if ((yield R(pte)) === 0) {
          if (yield* put(ref, fixed ? bios * BIAS : bios)) yield* free(page);
          return;
        }
        yield W(submitted, 1);
        for (let i = 0; i < bios; i++) {
          lab.irq(`bio ${cpu}.${i}`, function* () {
            yield WAIT(submitted, 1);
            expect(yield R(page)).toBe(OURS);
            if (yield* put(ref, BIAS)) yield* free(page);
          });
        }
      });
    }
    lab.task('unmapper', function* () {
      yield* unmapper(memory);
    });
  };
}
