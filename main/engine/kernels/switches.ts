/**
 * The base table every revision starts from: 7.2. A revision states what differs and why; the meaning of each switch is
 * in the scripting interface (KernelSwitches).
 */
import type { KernelSwitches } from '../interface.ts';

export const BASE: KernelSwitches = {
  follPin: true,
  biasShift: 10,
  hugePin: 'exact',
  pincountOrder: 1,
  hugeUndo: 'matching',
  pteUndoMatches: true,
  headRecheck: 'retry',
  pmdRecheck: true,
  pinInTwoAdds: true,
  slowPincountFirst: false,
  slowGrabUnlessZero: false,
  slowGrabsRange: true,
  hugetlbGrab: 'page',
  undoSplit: false,
  unpinSplit: false,
  unpinBatched: true,
  bioRelease: 'folio',
  vmstatAfterPut: false,
  putGuard: 'none',
  badPagePincount: true,
  pinnedUnsigned: true,
  overflowCheck: true,
  zeroPagePinned: false,
  hugeZeroFast: false,
  devmapGup: false,
  devmapOneBased: false,
  pfnPinSkipped: false,
  hugepd: false,
  hugeAddr: 'warn',
  longtermZones: 'zone',
  longtermFastTest: 'after',
  slowGrabTestsLongterm: 'no',
  longtermDrainsByRefs: true,
  longtermFileRefused: true,
  forcedWrite: 'exclusive',
  pageCacheRecheck: true,
  writeProtectSeq: true,
  forkCopiesPinned: 'exclusive',
  forkCopiesHugetlb: true,
  cowReuse: 'exclusive',
  cowFreesSwap: true,
  cowReuseThp: 'exclusive',
  breakCowOnRead: false,
  anonExclusive: true,
  unshare: 'all',
  unshareLooksAtHead: true,
  reclaimSkipsPinned: 'both',
  lazyfreeChecksRefs: true,
  clearRefsSkipsPinned: true,
  collapseSync: true,
  hugePmdUnshareSync: true,
  splitPmdLocksPage: false,
  splitUnfreezesHead: true,
  mlockBatch: true,
  zapBatches: true,
  forkBatches: true,
  faultAddsRange: true,
  hugeZeroWrite: 'huge',
  munmapDrainsLru: false,
  lruFreesByFreeze: true,
  splitFreezePutsOnce: true,
  hugetlbUnfreezes: true,
  dioAcquires: 'pin',
  bioMerges: false,
  rdmaPinsFast: true,
  uringPinsFast: true,
  uringRefusesFiles: false,
  uringCoalesces: 'all',
  uringUnpinsHead: false,
};

/** A kernel revision: a name, a table of switches, what changed, and where that is written. */
export interface KernelRevision {
  /** Stable id, used on the command line, in `expect` and in reports. */
  readonly id: string;
  /** One line a kernel developer recognises. */
  readonly title: string;
  /** Short column name used in tables (P0, M1 ... M10). */
  readonly column: string;
  /** What this revision changed against the one before it. */
  readonly changed: string;
  /** Commits, postings and files this table is taken from. */
  readonly sources: readonly string[];
  readonly switches: KernelSwitches;
}
