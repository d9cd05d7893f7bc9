/** Whether a page waits in an LRU add batch, as far as the engine knows: single pages that have not got PG_lru yet. */
import { headNow } from '../../engine/check/state.ts';
import type { PageModel } from '../../engine/page.ts';
import type { World } from '../../engine/world.ts';
import type { Read } from './rig.ts';

export function waits(world: World, page: PageModel, read: Read): boolean {
  const head = headNow(world, page, read);
  return head === page && page.traits.kind === 'ram' && page.peek('PG_lru', read) === 0;
}

/**
 * The page, where a recorded count is one less than the engine's and the page waits in a batch: the batch was drained by
 * another CPU before the count was read. Afterwards it does not wait any more, so this is granted once.
 */
export function drainedBy(refcount: number, page: PageModel, world: World, read: Read): readonly PageModel[] {
  const count = read(headNow(world, page, read)._refcount.index);
  return count === refcount + 1 && waits(world, page, read) ? [page] : [];
}
