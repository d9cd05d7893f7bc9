/** Whoever gives back what was taken leaves no trace: random programs, on every correct kernel, in every order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Kernel, Lab, Steps, UserMapping, UserPages } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { run } from '../harness.ts';
import { KIND_NAMES, KINDS, type Kind } from './memory-kinds.ts';
import { holds } from './property.ts';
import { explained } from './row.ts';

type How = 'get fast' | 'get slow' | 'pin fast' | 'pin slow' | 'get only' | 'pin only';

interface Take {
  readonly how: How;
  readonly from: number;
  readonly n: number;
  readonly write: boolean;
  /** How it is given back: all at once, page by page, or by two bios; at once or at the actor's end. */
  readonly back: 'all' | 'each' | 'bios';
  readonly late: boolean;
}

interface Program {
  readonly kernel: string;
  readonly kind: Kind;
  readonly actors: readonly (readonly Take[])[];
  readonly ipiFlush: boolean;
}

/** Kernels whose GUP balances: all that were merged. (The counter of 5.7 to 5.10 is S27's business.) */
const CORRECT = KERNELS.filter(({ id }) => !id.startsWith('pin-')).map(({ id }) => id);

/** Orders of a program that are tried: all, or as many as lead to so many states. */
const LARGEST = 10_000;
const TRIED = /^(pass|inconclusive)$/;

const take: fc.Arbitrary<Take> = fc.record({
  how: fc.constantFrom<How>('get fast', 'get slow', 'pin fast', 'pin slow', 'get only', 'pin only'),
  from: fc.nat(3),
  n: fc.integer({ min: 1, max: 4 }),
  write: fc.boolean(),
  back: fc.constantFrom('all', 'each', 'bios'),
  late: fc.boolean(),
});

const program: fc.Arbitrary<Program> = fc.record({
  kernel: fc.constantFrom(...CORRECT),
  kind: fc.constantFrom(...KIND_NAMES),
  actors: fc.array(fc.array(take, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  ipiFlush: fc.boolean(),
});

/** The kernel without what is wrong with its counter only. */
function counting({ kernel }: Lab): Kernel {
  return kernel.switches.vmstatAfterPut ? kernel.with({ vmstatAfterPut: false }) : kernel;
}

function* takePages(kernel: Kernel, buf: UserMapping, { how, from, n, write }: Take): Steps<UserPages> {
  const pins = how.startsWith('pin') && kernel.switches.follPin;
  const start = buf.at(Math.min(from, buf.npages - 1));
  const nr = Math.min(n, buf.npages - start.index);
  const flags = write ? FOLL_WRITE : 0;
  if (how.endsWith('slow')) {
    return pins ? yield* kernel.pin_user_pages(start, nr, flags) : yield* kernel.get_user_pages(start, nr, flags);
  }
  if (how.endsWith('only')) {
    return pins
      ? yield* kernel.pin_user_pages_fast_only(start, nr, flags)
      : yield* kernel.get_user_pages_fast_only(start, nr, flags);
  }
  return pins
    ? yield* kernel.pin_user_pages_fast(start, nr, flags)
    : yield* kernel.get_user_pages_fast(start, nr, flags);
}

function* giveBack(lab: Lab, kernel: Kernel, pages: UserPages, back: Take['back']): Steps<void> {
  if (back === 'bios') {
    for (const bio of lab.splitBios(pages, 2)) yield* kernel.bio_release_pages(bio);
  } else if (pages.how === 'pin' && back === 'all') yield* kernel.unpin_user_pages(pages);
  else {
    for (const page of pages) yield* pages.how === 'pin' ? kernel.unpin_user_page(page) : kernel.put_page(page);
  }
}

function bodyOf({ kind, actors }: Program): (lab: Lab) => void {
  return (lab) => {
    const kernel = counting(lab);
    const { buf } = KINDS[kind](lab);
    for (const [i, takes] of actors.entries()) {
      lab.task(`actor ${i}`, function* () {
        const late: { readonly pages: UserPages; readonly back: Take['back'] }[] = [];
        for (const one of takes) {
          const pages = yield* takePages(kernel, buf, one);
          if (one.late) late.push({ pages, back: one.back });
          else yield* giveBack(lab, kernel, pages, one.back);
        }
        for (const { pages, back } of late) yield* giveBack(lab, kernel, pages, back);
      });
    }
  };
}

test('balanced programs return to their start', () => {
  holds(
    program,
    (one) => {
      const result = run(one.kernel, bodyOf(one), {
        states: LARGEST,
        options: { arch: { ipiFlush: one.ipiFlush } },
      });
      expect(explained(result)).toMatch(TRIED);
    },
    150,
  );
});

test('and while somebody unmaps, splits or takes the memory away', () => {
  const other = fc.constantFrom('munmap', 'dontneed', 'split', 'migrate', 'numa');
  holds(
    fc.tuple(program, other),
    ([one, what]) => {
      const result = run(
        one.kernel,
        (lab) => {
          const kernel = counting(lab);
          const { buf, page, file } = KINDS[one.kind](lab);
          const [takes = []] = one.actors;
          lab.task('taker', function* () {
            for (const next of takes) {
              yield* giveBack(lab, kernel, yield* takePages(kernel, buf, next), next.back);
            }
          });
          lab.task(what, function* () {
            const movable = one.kind === 'page' || one.kind === 'pages' || one.kind.startsWith('thp') || file !== null;
            if (what === 'munmap') yield* kernel.munmap(buf);
            else if (what === 'dontneed') yield* kernel.madvise_dontneed(buf, 1);
            else if (what === 'numa') yield* kernel.change_prot_numa(buf);
            else if (what === 'split' && one.kind.startsWith('thp')) yield* kernel.split_huge_page(buf.page(0));
            else if (movable) yield* kernel.migrate_pages(page());
          });
        },
        { states: LARGEST },
      );
      expect(explained(result)).toMatch(TRIED);
    },
    150,
  );
});
