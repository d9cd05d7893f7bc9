/** The kernel an experiment sees: the functions of mm/ bound to a revision's switches and to the world at hand. */
import { NotApplicable, ScriptMisuse } from './errors.ts';
import { FOLL_FAST_ONLY } from './flags.ts';
import type { Bio, Kernel, KernelSwitches, Page, Steps, UserAddress, UserMapping, UserPages } from './interface.ts';
import type { KernelRevision } from './kernels/index.ts';
import { BioModel, bio_release_pages } from './mm/bio.ts';
import type { Mm } from './mm/context.ts';
import { get_user_pages, get_user_pages_fast, pin_user_pages, pin_user_pages_fast } from './mm/gup.ts';
import type { Range } from './mm/gup-fast.ts';
import { munmap } from './mm/munmap.ts';
import { page_maybe_dma_pinned } from './mm/pinned.ts';
import { get_page, put_page, try_get_compound_head, try_get_page } from './mm/refcount.ts';
import { unpin_user_page, unpin_user_pages } from './mm/unpin.ts';
import { MappingModel, type PageModel } from './page.ts';
import { describe, mappingOf, modelOf, type World } from './world.ts';

/** The range a call names. @throws ScriptMisuse when it leaves the mapping */
function rangeOf(start: UserMapping | UserAddress, nr: number, what: string): Range {
  const at = start instanceof MappingModel ? { mapping: start, index: 0 } : start;
  if (typeof at !== 'object' || at === null || !('mapping' in at)) {
    throw new ScriptMisuse(`${what} wants a mapping or mapping.at(i) as its start, got ${describe(start)}`);
  }
  const mapping = mappingOf(at.mapping, what);
  if (!Number.isInteger(nr) || nr < 1) throw new ScriptMisuse(`${what} wants 1 page or more, got ${String(nr)}`);
  if (at.index + nr > mapping.npages) {
    throw new ScriptMisuse(
      `${what}: pages ${at.index} to ${at.index + nr - 1} leave ${mapping.name} (${mapping.npages} pages)`,
    );
  }
  return { mapping, index: at.index, nr };
}

function flagsOf(gup_flags: unknown, what: string): number {
  if (typeof gup_flags === 'number' && Number.isInteger(gup_flags)) return gup_flags;
  throw new ScriptMisuse(`${what} wants gup_flags (FOLL_WRITE or 0) as its third argument, got ${describe(gup_flags)}`);
}

function modelsOf(pages: readonly Page[], what: string): PageModel[] {
  if (!Array.isArray(pages)) throw new ScriptMisuse(`${what} wants an array of pages, got ${describe(pages)}`);
  return pages.map((page) => modelOf(page, what));
}

/** Checks the keys and values of a switch table against the revision's own. @throws ScriptMisuse */
export function changeSwitches(base: KernelSwitches, changes: Partial<KernelSwitches>): KernelSwitches {
  for (const [name, value] of Object.entries(changes)) {
    const known = Object.entries(base).find(([key]) => key === name);
    if (known === undefined) throw new ScriptMisuse(`kernel.with(): there is no switch "${name}"`);
    if (typeof value !== typeof known[1]) {
      throw new ScriptMisuse(`kernel.with(): ${name} is a ${typeof known[1]}, got ${describe(value)}`);
    }
  }
  const changed = { ...base, ...changes };
  if (!Number.isInteger(changed.biasShift) || changed.biasShift < 0 || changed.biasShift > 30) {
    throw new ScriptMisuse(`kernel.with(): biasShift is a whole number of 0 to 30, got ${changed.biasShift}`);
  }
  return changed;
}

export class KernelModel implements Kernel, Mm {
  readonly id: string;
  readonly sw: KernelSwitches;
  readonly bias: number;
  readonly world: World;
  private readonly rebind: (switches: KernelSwitches) => void;

  /** `rebind` tells the world that its checks follow another table from now on. */
  constructor(id: string, sw: KernelSwitches, world: World, rebind: (switches: KernelSwitches) => void) {
    this.id = id;
    this.sw = sw;
    this.bias = 2 ** sw.biasShift;
    this.world = world;
    this.rebind = rebind;
  }

  get switches(): KernelSwitches {
    return this.sw;
  }

  get GUP_PIN_COUNTING_BIAS(): number {
    return this.bias;
  }

  with(changes: Partial<KernelSwitches>): KernelModel {
    const switches = changeSwitches(this.sw, changes);
    this.rebind(switches);
    return new KernelModel(this.id, switches, this.world, this.rebind);
  }

  get_page(page: Page): Steps<void> {
    return get_page(this, modelOf(page, 'get_page()'));
  }

  try_get_page(page: Page): Steps<boolean> {
    return try_get_page(this, modelOf(page, 'try_get_page()'));
  }

  *try_get_compound_head(page: Page, refs: number): Steps<Page | null> {
    const model = modelOf(page, 'try_get_compound_head()');
    const head = yield* try_get_compound_head(this, model, refs);
    if (head !== null) this.world.hold('get', head, refs);
    return head;
  }

  put_page(page: Page): Steps<void> {
    return put_page(this, modelOf(page, 'put_page()'));
  }

  get_user_pages_fast(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages_fast()';
    return get_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages_fast(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_fast()';
    return pin_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages_fast_only(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages_fast_only()';
    return pin_user_pages_fast(this, rangeOf(start, nr, what), flagsOf(gup_flags, what) | FOLL_FAST_ONLY);
  }

  get_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'get_user_pages()';
    return get_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  pin_user_pages(start: UserMapping | UserAddress, nr: number, gup_flags: number): Steps<UserPages> {
    const what = 'pin_user_pages()';
    return pin_user_pages(this, rangeOf(start, nr, what), flagsOf(gup_flags, what));
  }

  unpin_user_page(page: Page): Steps<void> {
    return unpin_user_page(this, modelOf(page, 'unpin_user_page()'));
  }

  unpin_user_pages(pages: readonly Page[]): Steps<void> {
    return unpin_user_pages(this, modelsOf(pages, 'unpin_user_pages()'));
  }

  put_user_page(page: Page): Steps<void> {
    return unpin_user_page(this, modelOf(page, 'put_user_page()'));
  }

  put_user_pages(pages: readonly Page[]): Steps<void> {
    return unpin_user_pages(this, modelsOf(pages, 'put_user_pages()'));
  }

  page_maybe_dma_pinned(page: Page): Steps<boolean> {
    if (!this.sw.follPin) throw new NotApplicable('page_maybe_dma_pinned() does not exist in this kernel');
    return page_maybe_dma_pinned(this, modelOf(page, 'page_maybe_dma_pinned()'));
  }

  bio_release_pages(bio: Bio): Steps<void> {
    if (!(bio instanceof BioModel)) throw new ScriptMisuse(`bio_release_pages() wants a bio, got ${describe(bio)}`);
    return bio_release_pages(this, bio);
  }

  munmap(mapping: UserMapping): Steps<void> {
    return munmap(this, mappingOf(mapping, 'munmap()'));
  }
}

/** The kernel of a revision, for a world. */
export function kernelFor(revision: KernelRevision, world: World): KernelModel {
  return new KernelModel(revision.id, revision.switches, world, (switches) => world.follow(switches));
}
