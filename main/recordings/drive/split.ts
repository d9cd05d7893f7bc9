/** /sys/kernel/debug/split_huge_pages with a process and a range: split_huge_pages_pid(), era by era. */
import { headNow, mappedNow } from '../../engine/check/state.ts';
import { FOLL_GET, PG_head } from '../../engine/flags.ts';
import type { Steps } from '../../engine/interface.ts';
import { folio_get, folio_put } from '../../engine/mm/refcount.ts';
import { split_locked } from '../../engine/mm/split-huge-page.ts';
import type { PageModel } from '../../engine/page.ts';
import { LK, UL } from '../../engine/step.ts';
import type { Done } from './actions.ts';
import { type ProcessState, since } from './process.ts';
import { Errno, outcomeOf } from './program.ts';

/**
 * Every page of the range is looked up, and what is huge is split. Until 6.11 the look takes a reference, whatever the page is;
 * later only what can be split gets one. Before 5.13 there was no such request.
 */
export function* splitByDebugfs(state: ProcessState): Steps<Done> {
  if (!since(state.release, 5, 13)) {
    return { outcome: outcomeOf(-Errno.EINVAL), detail: { hugeKb: yield* hugeKb(state) } };
  }
  const { first, pages } = state.extent;
  for (let i = first; i < first + pages; i++)
    yield* since(state.release, 6, 12) ? walked(state, i) : followed(state, i);
  // write(2) returns the length of the text, which is not recorded.
  return { outcome: null, detail: { hugeKb: yield* hugeKb(state) } };
}

/** follow_page() with FOLL_GET; a huge page is locked and split, then the reference is put. */
function* followed(state: ProcessState, i: number): Steps<void> {
  const { kernel, mm, buffer } = state.program;
  const page = yield* kernel.follow_page(buffer.at(i), FOLL_GET);
  if (page === null) return;
  const head = yield* splittable(state, i, 1);
  if (head !== null) {
    yield LK(head.locked);
    yield* split_locked(mm, head);
    yield UL(head.locked);
  }
  yield* kernel.put_page(page);
}

/** folio_walk_start(): a reference only once the folio looks as if it could be split, and is locked. */
function* walked(state: ProcessState, i: number): Steps<void> {
  const { mm } = state.program;
  const head = yield* splittable(state, i, 0);
  if (head === null) return;
  yield LK(head.locked);
  yield* folio_get(mm, head);
  yield* split_locked(mm, head);
  yield UL(head.locked);
  yield* folio_put(mm, head);
}

/** can_split_folio(): the huge page that is mapped there if nobody has a reference but its mappings and `pins` callers. */
function* splittable({ program }: ProcessState, i: number, pins: number): Steps<PageModel | null> {
  return yield* program.look((read) => {
    const page = program.buffer.mapping.shows(i, read);
    if (page === null) return null;
    const head = headNow(program.mm.world, page, read);
    if (head.order === 0 || (read(head.flags.index) & PG_head) === 0) return null;
    return read(head._refcount.index) === mappedNow(head, read) + pins ? head : null;
  });
}

/** KiB of the buffer that are mapped by PMDs. */
function* hugeKb({ program }: ProcessState): Steps<number> {
  return yield* program.look((read) => {
    const { mapping } = program.buffer;
    let kb = 0;
    for (let block = 0; block < mapping.blocks; block++) if (mapping.showsWhole(block, read) !== null) kb += 2048;
    return kb;
  });
}
