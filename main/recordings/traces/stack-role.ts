/** What a stack says about an event: who takes a reference or gives one back, and for what. */

export type Role =
  | 'pin'
  | 'get'
  | 'unpin'
  | 'put'
  | 'lru'
  | 'fork'
  | 'split'
  | 'migrate'
  | 'reclaim'
  | 'map'
  | 'unmap'
  | 'page cache';

export interface StackRole {
  readonly role: Role;
  /** The function that tells it. */
  readonly symbol: string;
  /** The first function outside of it that says who asked; empty where the stack ends. */
  readonly caller: string;
}

type Rules = readonly (readonly [Role, RegExp])[];

/** In this order: a fault inside of GUP is GUP's. */
const TAKES: Rules = [
  ['pin', /^(?:pin_user_pages\w*|memfd_pin_folios|iov_iter_extract_\w+|io_pin_pages|pin_user_page_\w+)$/],
  [
    'get',
    /^(?:get_user_pages?\w*|iov_iter_get_pages\w*|access_remote_vm|__access_remote_vm|get_dump_page|follow_page)$/,
  ],
  ['lru', /^(?:__)?(?:lru_add_drain\w*|pagevec_lru_\w+|folio_batch_\w+|lru_cache_add\w*|folio_add_lru\w*)$/],
  ['lru', /^(?:mark_page_accessed|folio_mark_accessed|activate_page|folio_activate|lru_\w+)$/],
  ['fork', /^(?:copy_page_range|copy_pte_range|copy_huge_pmd|copy_hugetlb_page_range|dup_mmap|copy_process)$/],
  ['split', /^(?:__)?(?:split_huge_\w+|folio_split\w*|split_folio\w*|split_page)$/],
  ['migrate', /^(?:\w*migrate_\w+|remove_migration_pte|\w*isolate_(?:lru_page|folio\w*|movable_page))$/],
  [
    'reclaim',
    /^(?:shrink_\w+|reclaim_\w+|isolate_lru_\w+|madvise_cold_or_pageout\w*|add_to_swap\w*|folio_alloc_swap)$/,
  ],
  [
    'page cache',
    /^(?:__?filemap_add\w*|filemap_(?:add|get|map|fault)\w*|add_to_page_cache\w*|shmem_\w+|__find_get_page)$/,
  ],
  [
    'map',
    /^(?:do_anonymous_page|do_huge_pmd_\w+|finish_fault|do_(?:cow_|read_|shared_)?fault|do_wp_page|wp_page_\w+)$/,
  ],
  ['map', /^(?:hugetlb_(?:no_page|fault|wp)|handle_mm_fault|__handle_mm_fault)$/],
  ['get', /^(?:get_page|folio_get|try_get_page|folio_try_get\w*|page_cache_get\w*)$/],
];

const RELEASES: Rules = [
  ['unpin', /^(?:unpin_user_\w+|unpin_folio\w*|gup_put_folio|put_user_pages?\w*)$/],
  ['lru', /^(?:__)?(?:lru_add_drain\w*|pagevec_lru_\w+|folio_batch_move_lru|lru_\w+)$/],
  ['split', /^(?:__)?(?:split_huge_\w+|folio_split\w*|split_folio\w*|split_page)$/],
  ['migrate', /^(?:\w*migrate_\w+|putback_\w+|remove_migration_pte)$/],
  ['reclaim', /^(?:shrink_\w+|reclaim_\w+|__remove_mapping|try_to_unmap\w*|madvise_cold_or_pageout\w*)$/],
  ['page cache', /^(?:truncate_\w+|__?filemap_remove\w*|delete_from_page_cache\w*|invalidate_\w+)$/],
  [
    'unmap',
    /^(?:zap_\w+|unmap_\w+|tlb_flush_mmu|tlb_finish_mmu|exit_mmap|__unmap_hugepage_range|do_wp_page|wp_page_copy)$/,
  ],
  [
    'put',
    /^(?:put_page\w*|folio_put\w*|folios_put\w*|__folio_put\w*|release_pages|__?bio_release_pages|put_compound_head)$/,
  ],
];

/** What happens between the function that tells and whoever asked for it. */
const PLUMBING: readonly RegExp[] = [
  /^_*(?:internal_)?(?:get|pin|unpin|put)_(?:user_)?(?:pages?|folios?|compound_head)\w*$/,
  /^_*gup_(?:fast|longterm|put|p[gmu4]?d|pte|huge)\w*$/,
  /^_*(?:follow|folio|folios|iov_iter|bio|lru|pagevec|tlb|unmap|zap)_\w+$/,
  /^release_pages$/,
];

/** `symbols`, innermost first. Null where no function of the list is among them. */
export function stackRole(symbols: readonly string[], takes: boolean): StackRole | null {
  for (const [role, pattern] of takes ? TAKES : RELEASES) {
    const at = symbols.findIndex((symbol) => pattern.test(plain(symbol)));
    if (at < 0) continue;
    const caller = symbols.slice(at + 1).find((symbol) => !PLUMBING.some((one) => one.test(plain(symbol))));
    return { role, symbol: plain(symbols[at] ?? ''), caller: caller === undefined ? '' : plain(caller) };
  }
  return null;
}

/** Compilers add `.isra.0`, `.constprop.0`, `.part.0`, `.cold`. */
function plain(symbol: string): string {
  const dot = symbol.indexOf('.');
  return dot <= 0 ? symbol : symbol.slice(0, dot);
}
