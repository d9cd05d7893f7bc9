/** The kernel's functions that take and give back pages, as scripts call them. */
import { countOf, flagsOf, rangeOf, runsFrom } from '../arguments.ts';
import { NotApplicable, ScriptMisuse } from '../errors.ts';
import { FOLL_FAST_ONLY } from '../flags.ts';
import type { Bio, KernelSwitches, Page, Steps, UserAddress, UserMapping, UserPages } from '../interface.ts';
import { BioModel, bio_release_pages } from '../mm/bio.ts';
import type { Mm } from '../mm/context.ts';
import { unpin_user_page_range_dirty_lock, unpin_user_pages_dirty_lock } from '../mm/dirty.ts';
import { follow_page } from '../mm/follow-page.ts';
import {
  get_user_pages,
  get_user_pages_fast,
  pin_user_pages,
  pin_user_pages_fast,
  pin_user_pages_remote,
} from '../mm/gup.ts';
import { page_maybe_dma_pinned } from '../mm/pinned.ts';
import { get_page, put_page, try_get_compound_head, try_get_page } from '../mm/refcount.ts';
import {
  folio_add_pin,
  unpin_user_folio,
  unpin_user_page,
  unpin_user_pages,
  unpin_user_pages_error,
} from '../mm/unpin.ts';
import { describe, modelOf, type World } from '../world.ts';

type Start = UserMapping | UserAddress;

export class GupCalls implements Mm {
  readonly sw: KernelSwitches;
  readonly bias: number;
  readonly world: World;
  /** Asked for its name only when a script asks, see alike.ts. */
  protected readonly revision: { readonly id: string };

  constructor(revision: { readonly id: string }, sw: KernelSwitches, world: World) {
    this.revision = revision;
    this.sw = sw;
    this.bias = 2 ** sw.biasShift;
    this.world = world;
  }

  get id(): string {
    return this.revision.id;
  }

  get switches(): KernelSwitches {
    return this.sw;
  }

  get GUP_PIN_COUNTING_BIAS(): number {
    return this.bias;
  }

  get_page(page: Page): Steps<void> {
    return get_page(this, modelOf(page, 'get_page()'));
  }

  try_get_page(page: Page): Steps<boolean> {
    return try_get_page(this, modelOf(page, 'try_get_page()'));
  }

  *try_get_compound_head(page: Page, refs: number): Steps<Page | null> {
    const model = modelOf(page, 'try_get_compound_head()');
    const head = yield* try_get_compound_head(this, model, countOf(refs, 'try_get_compound_head()', 1));
    if (head !== null) this.world.hold('get', head, refs);
    return head;
  }

  put_page(page: Page): Steps<void> {
    return put_page(this, modelOf(page, 'put_page()'));
  }

  get_user_pages_fast(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages_fast()';
    return get_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  get_user_pages_fast_only(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages_fast_only()';
    return get_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what) | FOLL_FAST_ONLY);
  }

  pin_user_pages_fast(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_fast()';
    return pin_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages_fast_only(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_fast_only()';
    return pin_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what) | FOLL_FAST_ONLY);
  }

  get_user_pages(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages()';
    return get_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  get_user_pages_unlocked(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages_unlocked()';
    return get_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  get_user_pages_remote(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages_remote()';
    return get_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages()';
    return pin_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages_unlocked(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_unlocked()';
    return pin_user_pages_remote(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages_remote(start: Start, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_remote()';
    return pin_user_pages_remote(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  follow_page(start: Start, gup_flags: number): Steps<Page | null> {
    const what = 'follow_page()';
    return follow_page(this, rangeOf(start, 1, what), flagsOf(gup_flags, what));
  }

  unpin_user_page(page: Page): Steps<void> {
    return unpin_user_page(this, modelOf(page, 'unpin_user_page()'));
  }

  unpin_user_pages(pages: readonly Page[] | number): Steps<void> {
    if (typeof pages === 'number') return unpin_user_pages_error(this, pages);
    return unpin_user_pages(this, runsFrom(pages, 'unpin_user_pages()'));
  }

  unpin_user_pages_dirty_lock(pages: readonly Page[], make_dirty: boolean): Steps<void> {
    return unpin_user_pages_dirty_lock(this, runsFrom(pages, 'unpin_user_pages_dirty_lock()'), make_dirty);
  }

  unpin_user_page_range_dirty_lock(page: Page, npages: number, make_dirty: boolean): Steps<void> {
    const what = 'unpin_user_page_range_dirty_lock()';
    return unpin_user_page_range_dirty_lock(this, modelOf(page, what), countOf(npages, what, 1), make_dirty);
  }

  unpin_user_folio(page: Page, npages: number): Steps<void> {
    const what = 'unpin_user_folio()';
    return unpin_user_folio(this, modelOf(page, what), countOf(npages, what, 1));
  }

  folio_add_pin(page: Page): Steps<void> {
    return folio_add_pin(this, modelOf(page, 'folio_add_pin()'));
  }

  put_user_page(page: Page): Steps<void> {
    return unpin_user_page(this, modelOf(page, 'put_user_page()'));
  }

  put_user_pages(pages: readonly Page[]): Steps<void> {
    return unpin_user_pages(this, runsFrom(pages, 'put_user_pages()'));
  }

  put_user_pages_dirty_lock(pages: readonly Page[], make_dirty: boolean): Steps<void> {
    return unpin_user_pages_dirty_lock(this, runsFrom(pages, 'put_user_pages_dirty_lock()'), make_dirty);
  }

  page_maybe_dma_pinned(page: Page): Steps<boolean> {
    if (!this.sw.follPin) throw new NotApplicable('page_maybe_dma_pinned() does not exist in this kernel');
    return page_maybe_dma_pinned(this, modelOf(page, 'page_maybe_dma_pinned()'));
  }

  bio_release_pages(bio: Bio): Steps<void> {
    if (!BioModel.is(bio)) throw new ScriptMisuse(`bio_release_pages() wants a bio, got ${describe(bio)}`);
    return bio_release_pages(this, bio);
  }
}
