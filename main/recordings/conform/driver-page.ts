/** A struct page as the driver of the recordings prints it, from the recording and from the engine. */
import { hasPincountNow, headNow, isAnon, maybePinnedNow } from '../../engine/check/state.ts';
import type { PageModel } from '../../engine/page.ts';
import type { World } from '../../engine/world.ts';
import type { DriverState } from '../format/driver-state.ts';
import type { Read } from './rig.ts';

/** Values at or below this are page types, which later kernels keep where `_mapcount` is. */
const PAGE_TYPES = -0x1000000;

type Field = readonly [name: string, value: number];

function fieldsOf(page: PageModel, world: World, read: Read): Field[] {
  const head = headNow(world, page, read);
  const exact = hasPincountNow(world, head, read);
  return [
    ['order', head.order],
    ['page of the folio', page.index - head.index],
    ['refcount', read(head._refcount.index)],
    ['pincount', exact ? read(head.pincount.index) : -1],
    ['maybe_dma_pinned', maybePinnedNow(world, page, read) ? 1 : 0],
    ['page_mapcount_raw', read(page.mapcount.index)],
    ['entire_mapcount', head.order > 0 ? read(head.entire_mapcount.index) : 0],
    ['anon', isAnon(world, page, read) ? 1 : 0],
    ['anon_exclusive', read(page.anon_exclusive.index)],
    ['dirty', read(head.dirty.index)],
  ];
}

/** The recorded fields that mean something for this page, beside the engine's. */
export function driverPage(
  recorded: DriverState,
  page: PageModel,
  world: World,
  read: Read,
): { readonly expected: string; readonly got: string } {
  const expected: string[] = [];
  const got: string[] = [];
  for (const [name, value] of fieldsOf(page, world, read)) {
    const wanted = recordedField(recorded, name);
    if (wanted === null) continue;
    expected.push(`${name} ${wanted}`);
    got.push(`${name} ${value}`);
  }
  return { expected: expected.join(', '), got: got.join(', ') };
}

/** Null where the word holds something else in this kernel or for this page. */
function recordedField(state: DriverState, name: string): number | null {
  switch (name) {
    case 'order':
      return state.order;
    case 'page of the folio':
      return state.pfn - state.head_pfn;
    case 'refcount':
      return state.refcount;
    case 'pincount':
      return state.pincount;
    case 'maybe_dma_pinned':
      return state.maybe_dma_pinned;
    case 'page_mapcount_raw':
      return state.page_mapcount_raw > PAGE_TYPES ? state.page_mapcount_raw : null;
    case 'entire_mapcount':
      return state.order > 0 ? state.entire_mapcount : 0;
    case 'anon':
      return state.anon;
    case 'anon_exclusive':
      return exclusiveIsKept(state) ? state.anon_exclusive : null;
    case 'dirty':
      return state.dirty;
    default:
      return null;
  }
}

/** The bit means something else on pages that are not anonymous; of a page mapped as a whole only the head has it. */
function exclusiveIsKept({ anon, anon_exclusive, entire_mapcount, pfn, head_pfn }: DriverState): boolean {
  return anon === 1 && anon_exclusive >= 0 && (entire_mapcount === 0 || pfn === head_pfn);
}
