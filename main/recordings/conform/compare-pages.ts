/** struct page after a step: what /proc/kcore held, what the engine holds. */
import { hasPincountNow, headNow, isFree } from '../../engine/check/state.ts';
import { PG_head } from '../../engine/flags.ts';
import type { PageModel } from '../../engine/page.ts';
import type { World } from '../../engine/world.ts';
import type { PageState } from '../format/steps.ts';
import type { Mismatch } from './expectation.ts';
import type { Frames } from './frames.ts';

type Read = (word: number) => number;

/** Values below this are page types, which later kernels keep where `_mapcount` is. */
const PAGE_TYPES = -0x1000000;

export function comparePages(
  step: string,
  states: readonly PageState[],
  frames: Frames,
  world: World,
  read: Read,
): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const state of states) {
    if (state.ok === 0) continue;
    const page = frames.page(state.pfn);
    const at = `pfn 0x${state.pfn.toString(16)}`;
    if (page === null) {
      mismatches.push({ step, expected: `${at}: a page`, got: 'no page of the engine stands for it' });
      continue;
    }
    const gone = frames.hasEnded(page) || isFree(world, page, read);
    const [expected, got] = gone ? freed(state) : alive(state, page, frames, world, read);
    if (expected !== got) mismatches.push({ step, expected: `${at}: ${expected}`, got });
  }
  return mismatches;
}

/** Of a free page only the count is known: 0. What else its words hold belongs to the allocator. */
function freed(state: PageState): readonly [string, string] {
  return [`refcount ${state.refcount}`, 'refcount 0'];
}

function alive(state: PageState, page: PageModel, frames: Frames, world: World, read: Read): readonly [string, string] {
  const head = headNow(world, page, read);
  const exact = hasPincountNow(world, head, read);
  const compound = (read(head.flags.index) & PG_head) !== 0;
  const headPfn = head === page ? state.pfn : (frames.pfn(head) ?? state.pfn - page.index);
  const expected = [`refcount ${state.refcount}`, `head 0x${state.head_pfn.toString(16)}`];
  const got = [`refcount ${read(head._refcount.index)}`, `head 0x${headPfn.toString(16)}`];
  expected.push(`pincount ${state.pincount}`);
  got.push(`pincount ${exact ? read(head.pincount.index) : -1}`);
  expected.push(`compound ${state.compound}`);
  got.push(`compound ${compound ? 1 : 0}`);
  if (state.mapcount_raw > PAGE_TYPES) {
    expected.push(`mapcount ${state.mapcount_raw}`);
    got.push(`mapcount ${read(page.mapcount.index)}`);
  }
  return [expected.join(', '), got.join(', ')];
}
