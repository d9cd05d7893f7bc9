/**
 * Function names as a reader of that kernel's source knows them. The model has helpers that no kernel has, and one
 * function for what kernels called by several names; a report shows neither. Names are those of mm/gup.c and its
 * neighbours in each release.
 */
import type { Frame } from '../engine/trace.ts';

/** Helpers of the model: what happens in them is shown in the kernel function they belong to. */
const HELPERS = new Set(
  `access_locked add_huge_anon_rmap alloc_zeroed batch_add batch_drain batch_put cache_refs can_follow_write
  clean_entries clear_refs collapse_locked copy_block copy_huge_page copy_hugetlb copy_of count_after_put
  create_buffers dio_submit do_huge_pmd_fault extra_refs family filemap_get_page filemap_write finish flush_tlb
  follow_huge follow_leaf free_lazy free_one freeze_and_split give_back grab_in_one_add grab_leaf
  grab_reference_first gup gup_huge_leaf has_pincount insert isolate_and_lock isolate_found isolate_one
  lock_mapped_page lock_page_under_pmd map_file_page may_discard may_keep may_reuse may_reuse_huge merge migrate_entries
  migrate_isolated migrate_one mlock_drain must_be_exclusive must_copy only_reference page_vma_mapped put_guard
  put_page_untold put_pages put_plain put_subpages read_in reclaim_locked release_buffers release_run remove_rmap
  rest_of_range restore restore_entries rmap_lock rmap_places rmap_read_lock rmap_read_unlock rmap_unlock
  rmap_write_lock rmap_write_unlock sanity_check_pinned_page shrink_folio slow spared split_entries
  split_huge_pmd_locked split_locked swap_cache_page swap_in_bits testzero_guard translate truncate
  truncate_cleanup undo_pte unlock_and_put_back unmap_block unmap_entries unmap_one unmap_poisoned unpin_folio
  unpin_run unpin_run_dirty unpin_user_pages_error user_access wipe write_file_page write_protect writeback_page
  zap_file_pmd zap_huge zap_present`.split(/\s+/),
);

/** What programs and devices do by themselves: no call, but worth a line. */
const ACTS: ReadonlyMap<string, string> = new Map([
  ['user_read', '// user reads'],
  ['user_write', '// user writes'],
  ['dma_read', '// device reads'],
  ['dma_write', '// device writes'],
]);

/** `[name]` from the release (505 is 5.5) on; null: that release has no such function. */
type Era = readonly [number, string | null];
const UNNAMED = 0;
/** The postings of November 2019, before pins were called so everywhere. */
const POSTINGS = 505;

const ERAS: ReadonlyMap<string, readonly Era[]> = new Map<string, readonly Era[]>([
  [
    'unpin_user_page',
    [
      [UNNAMED, 'put_user_page'],
      [506, 'unpin_user_page'],
    ],
  ],
  [
    'unpin_user_pages',
    [
      [UNNAMED, 'put_user_pages'],
      [506, 'unpin_user_pages'],
    ],
  ],
  [
    'unpin_user_pages_dirty_lock',
    [
      [UNNAMED, 'put_user_pages_dirty_lock'],
      [506, 'unpin_user_pages_dirty_lock'],
    ],
  ],
  [
    'page_maybe_dma_pinned',
    [
      [UNNAMED, 'page_dma_pinned'],
      [506, 'page_maybe_dma_pinned'],
    ],
  ],
  [
    'internal_get_user_pages_fast',
    [
      [UNNAMED, 'internal_get_user_pages_fast'],
      [610, 'gup_fast_fallback'],
    ],
  ],
  [
    'lockless_pages_from_mm',
    [
      [UNNAMED, null],
      [511, 'lockless_pages_from_mm'],
      [610, 'gup_fast'],
    ],
  ],
  [
    'gup_pmd_range',
    [
      [UNNAMED, 'gup_pmd_range'],
      [610, 'gup_fast_pmd_range'],
    ],
  ],
  [
    'gup_pte_range',
    [
      [UNNAMED, 'gup_pte_range'],
      [610, 'gup_fast_pte_range'],
    ],
  ],
  [
    'gup_huge_pmd',
    [
      [UNNAMED, 'gup_huge_pmd'],
      [610, 'gup_fast_pmd_leaf'],
    ],
  ],
  [
    'gup_huge_pud',
    [
      [UNNAMED, 'gup_huge_pud'],
      [610, 'gup_fast_pud_leaf'],
    ],
  ],
  [
    'gup_device_huge',
    [
      [UNNAMED, '__gup_device_huge'],
      [610, 'gup_fast_devmap_leaf'],
    ],
  ],
  [
    'try_grab_compound_head',
    [
      [UNNAMED, null],
      [507, 'try_grab_compound_head'],
      [518, 'try_grab_folio'],
      [610, 'try_grab_folio_fast'],
    ],
  ],
  [
    'try_get_compound_head',
    [
      [UNNAMED, 'try_get_compound_head'],
      [518, 'try_get_folio'],
    ],
  ],
  [
    'try_grab_page',
    [
      [UNNAMED, null],
      [507, 'try_grab_page'],
      [610, 'try_grab_folio'],
    ],
  ],
  [
    'user_page_ref_inc',
    [
      [UNNAMED, 'user_page_ref_inc'],
      [507, null],
    ],
  ],
  [
    'put_compound_head',
    [
      [UNNAMED, 'put_compound_head'],
      [518, 'gup_put_folio'],
    ],
  ],
  [
    'gup_put_folio',
    [
      [UNNAMED, 'put_compound_head'],
      [518, 'gup_put_folio'],
    ],
  ],
  [
    'put_page_refs',
    [
      [UNNAMED, null],
      [514, 'put_page_refs'],
      [518, 'folio_put_refs'],
    ],
  ],
  [
    'page_ref_sub_and_test',
    [
      [UNNAMED, 'page_ref_sub_and_test'],
      [518, 'folio_ref_sub_and_test'],
    ],
  ],
  [
    'compound_head',
    [
      [UNNAMED, 'compound_head'],
      [518, 'page_folio'],
    ],
  ],
  [
    '__put_page',
    [
      [UNNAMED, '__put_page'],
      [518, '__folio_put'],
    ],
  ],
  [
    'collect_longterm_unpinnable_folios',
    [
      [UNNAMED, null],
      [600, 'collect_longterm_unpinnable_pages'],
      [615, 'collect_longterm_unpinnable_folios'],
    ],
  ],
  [
    'migrate_longterm_unpinnable_folios',
    [
      [UNNAMED, 'check_and_migrate_cma_pages'],
      [514, 'check_and_migrate_movable_pages'],
      [600, 'migrate_longterm_unpinnable_pages'],
      [615, 'migrate_longterm_unpinnable_folios'],
    ],
  ],
  [
    'folio_add_lru',
    [
      [UNNAMED, 'lru_cache_add'],
      [518, 'folio_add_lru'],
    ],
  ],
  [
    'folio_add_new_anon_rmap',
    [
      [UNNAMED, 'page_add_new_anon_rmap'],
      [603, 'folio_add_new_anon_rmap'],
    ],
  ],
  [
    'folio_end_writeback',
    [
      [UNNAMED, 'end_page_writeback'],
      [518, 'folio_end_writeback'],
    ],
  ],
  [
    'folio_get',
    [
      [UNNAMED, 'get_page'],
      [518, 'folio_get'],
    ],
  ],
  [
    'folio_put',
    [
      [UNNAMED, 'put_page'],
      [518, 'folio_put'],
    ],
  ],
  [
    'folio_isolate_lru',
    [
      [UNNAMED, 'isolate_lru_page'],
      [518, 'folio_isolate_lru'],
    ],
  ],
  [
    'folio_mapped',
    [
      [UNNAMED, 'page_mapped'],
      [518, 'folio_mapped'],
    ],
  ],
  [
    'folio_migrate_mapping',
    [
      [UNNAMED, 'migrate_page_move_mapping'],
      [518, 'folio_migrate_mapping'],
    ],
  ],
  [
    'folio_putback_lru',
    [
      [UNNAMED, 'putback_lru_page'],
      [518, 'folio_putback_lru'],
    ],
  ],
  [
    'folio_set_referenced',
    [
      [UNNAMED, 'SetPageReferenced'],
      [518, 'folio_set_referenced'],
    ],
  ],
  [
    'folio_test_anon',
    [
      [UNNAMED, 'PageAnon'],
      [518, 'folio_test_anon'],
    ],
  ],
  [
    'folio_nr_pages',
    [
      [UNNAMED, 'compound_nr'],
      [518, 'folio_nr_pages'],
    ],
  ],
  [
    'filemap_read',
    [
      [UNNAMED, 'generic_file_buffered_read'],
      [514, 'filemap_read'],
    ],
  ],
  [
    'page_try_share_anon_rmap',
    [
      [UNNAMED, 'page_try_share_anon_rmap'],
      [610, 'folio_try_share_anon_rmap_pte'],
    ],
  ],
]);

/** Release of a kernel id, 610 for `6.10` and `6.10.3`; a posting of the series counts as the one before it. */
function releaseOf(kernel: string): number | null {
  if (kernel.startsWith('pin-')) return POSTINGS;
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  return major === undefined || minor === undefined ? null : Number(major) * 100 + Number(minor);
}

/** Name of a function in some release, the model's where none is given; null where that release has none. */
function nameIn(fn: string, release: number | null): string | null {
  if (HELPERS.has(fn)) return null;
  const eras = ERAS.get(fn);
  return eras === undefined || release === null ? fn : (eras.findLast(([from]) => from <= release)?.[1] ?? null);
}

/** True for a name in {@link ACTS}' words, which is written without the brackets of a call. */
export function isAct(fn: string): boolean {
  return fn.startsWith('// ');
}

/**
 * A call chain as that kernel has it: helpers of the model are left out, names are the era's, and a function that only
 * one name stands for now is said once. The author's own frames, which have a position, stay as they are.
 */
export function kernelChain(frames: readonly Frame[], kernel: string): Frame[] {
  const release = releaseOf(kernel);
  const out: Frame[] = [];
  for (const frame of frames) {
    if (frame.line > 0) {
      out.push(frame);
      continue;
    }
    const fn = ACTS.get(frame.fn) ?? nameIn(frame.fn, release);
    if (fn === null || out.at(-1)?.fn === fn) continue;
    out.push(fn === frame.fn ? frame : { ...frame, fn });
  }
  return out;
}

/** Every name that is spoken of here, for the test that keeps this list to what the model has. */
export const SPOKEN_OF: readonly string[] = [...HELPERS, ...ACTS.keys(), ...ERAS.keys()];
