/** For every switch a program that tells its values apart. */
import { FOLL_GET, FOLL_LONGTERM, FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { ExperimentOptions, Kernel, KernelSwitches, Lab } from '../../../main/engine/interface.ts';
import { expect as holds, page_ref_count, value } from '../../../main/engine/observe.ts';
import { R, W } from '../../../main/engine/step.ts';

type Say = (...what: unknown[]) => void;
type Program = (lab: Lab, kernel: Kernel, say: Say) => void;

/** A switch, the kernel it is changed on, the value it gets there, and a program that tells the difference. */
export interface Case {
  readonly on: string;
  readonly to: unknown;
  /** Look at all orders and compare verdicts; otherwise at one run and what it does to counts. */
  readonly search?: boolean;
  readonly arch?: ExperimentOptions['arch'];
  readonly program: Program;
}

const WEAK = { ipiFlush: false };
const DEBUG = { debugVm: true };
const LRU = { lruBatch: true };

const pinAndUnpin: Program = (lab, kernel) => {
  const buf = lab.mm.mmapPage({ name: 'page' });
  lab.task('actor', function* () {
    yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE));
  });
};

const pinThp =
  (how: 'fast' | 'slow', order = 2): Program =>
  (lab, kernel) => {
    const buf = lab.mm.mmapThp({ name: 'thp', order });
    lab.task('actor', function* () {
      const pages =
        how === 'fast'
          ? yield* kernel.pin_user_pages_fast(buf, 2 ** order, FOLL_WRITE)
          : yield* kernel.pin_user_pages(buf, 2 ** order, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
  };

export const racingUnmap =
  (kind: 'page' | 'thp'): Program =>
  (lab, kernel) => {
    const buf = kind === 'thp' ? lab.mm.mmapThp({ order: 2, keepers: 1 }) : lab.mm.mmapPage({ keepers: 1 });
    lab.task('gup', function* () {
      const pages = yield* kernel.pin_user_pages_fast_only(buf, buf.npages, FOLL_WRITE);
      yield* kernel.unpin_user_pages(pages);
    });
    lab.task('munmap', function* () {
      yield* kernel.munmap(buf);
    });
  };

const collapse =
  (dio: boolean): Program =>
  (lab, kernel) => {
    const buf = lab.mm.mmapPages(2, { order: 1 });
    lab.task('gup', function* () {
      if (dio) for (const bio of yield* kernel.dio_read(buf, 1)) yield* kernel.bio_endio(bio);
      else for (const page of yield* kernel.get_user_pages_fast_only(buf, 1, 0)) yield* kernel.put_page(page);
    });
    lab.task('khugepaged', function* () {
      yield* kernel.collapse_huge_page(buf);
    });
  };

const leak =
  (kind: 'page' | 'thp'): Program =>
  (lab, kernel) => {
    const buf = kind === 'thp' ? lab.mm.mmapThp({ order: 1 }) : lab.mm.mmapPage();
    lab.task('parent', function* () {
      const copy = yield* kernel.fork(buf);
      lab.task('child', function* () {
        const pipe = yield* kernel.vmsplice(copy);
        yield* kernel.munmap(copy);
        yield* kernel.pipe_read(pipe);
      });
      yield* kernel.user_write(buf, 42);
    });
  };

const forkUnderPin =
  (kind: 'page' | 'hugetlb'): Program =>
  (lab, kernel) => {
    const buf = kind === 'hugetlb' ? lab.mm.mmapHugetlb({ order: 1 }) : lab.mm.mmapPage();
    lab.task('parent', function* () {
      const pages = yield* kernel.ib_umem_get(buf, 1);
      yield* kernel.fork(buf);
      yield* kernel.user_write(buf, 1);
      yield* kernel.ib_umem_release(pages);
    });
  };

const pinThenPut: Program = (lab, kernel) => {
  const buf = lab.mm.mmapThp({ name: 'thp', order: 2 });
  lab.task('actor', function* () {
    for (const page of yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE)) yield* kernel.put_page(page);
    yield* kernel.munmap(buf);
  });
};

const longPin =
  (zone: 'cma' | 'movable', fast = false): Program =>
  (lab, kernel, say) => {
    const buf = lab.mm.mmapPage({ name: 'page', zone });
    lab.task('actor', function* () {
      const flags = FOLL_WRITE | FOLL_LONGTERM;
      const pages = fast
        ? yield* kernel.pin_user_pages_fast_only(buf, 1, flags)
        : yield* kernel.pin_user_pages(buf, 1, flags);
      say(pages.ret, pages[0]?.name);
    });
  };

const reclaimedFile: Program = (lab, kernel) => {
  const file = lab.mm.file();
  const buf = lab.mm.mmapFile(file, { clean: true });
  lab.task('driver', function* () {
    const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* kernel.unpin_user_pages_dirty_lock(pages, true);
  });
  lab.task('kswapd', function* () {
    const page = file.cached(0);
    if (page !== null) yield* kernel.shrink_folio(page);
  });
};

const registered =
  (build: (lab: Lab) => ReturnType<Lab['mm']['mmapPage']>): Program =>
  (lab, kernel, say) => {
    const buf = build(lab);
    lab.task('actor', function* () {
      const pages = yield* kernel.io_uring_register(buf);
      say(pages.ret);
      yield* kernel.io_uring_unregister(pages);
    });
  };

export const CASES: Readonly<Record<keyof KernelSwitches, Case>> = {
  follPin: { on: '7.2', to: false, program: pinAndUnpin },
  biasShift: { on: '7.2', to: 8, program: pinAndUnpin },
  hugePin: { on: 'pin-v6', to: 'one-bias', program: pinThp('fast') },
  pincountOrder: { on: '5.18', to: 2, program: pinThp('fast', 1) },
  hugeUndo: { on: 'pin-v7', to: 'head-refs', search: true, program: racingUnmap('thp') },
  pteUndoMatches: { on: '5.11', to: false, search: true, program: racingUnmap('page') },
  headRecheck: {
    on: '5.18',
    to: 'no',
    search: true,
    arch: WEAK,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPteThp({ order: 1 });
      lab.task('gup', function* () {
        for (const page of yield* kernel.get_user_pages_fast_only(buf.at(1), 1, FOLL_WRITE))
          yield* kernel.put_page(page);
      });
      lab.task('split', function* () {
        yield* kernel.split_huge_page(buf.page(0));
      });
    },
  },
  pmdRecheck: { on: '5.19', to: true, search: true, arch: WEAK, program: collapse(true) },
  pinInTwoAdds: { on: '5.14', to: false, program: pinAndUnpin },
  slowPincountFirst: { on: '5.14', to: false, program: pinThp('slow') },
  slowGrabUnlessZero: { on: 'pin-v7', to: false, program: pinThp('slow') },
  slowGrabsRange: { on: '6.10', to: false, program: pinThp('slow') },
  hugetlbGrab: {
    on: '6.1',
    to: 'page',
    program: (lab, kernel) => {
      const buf = lab.mm.mmapHugetlb({ name: 'huge', order: 2 });
      lab.task('actor', function* () {
        yield* kernel.pin_user_pages(buf, 4, FOLL_WRITE);
      });
    },
  },
  undoSplit: {
    on: '5.14',
    to: false,
    search: true,
    program: (lab, kernel, say) => {
      racingUnmap('thp')(lab, kernel, say);
      const buf = lab.mm.mmapThp({ order: 2, name: 'other' });
      lab.task('second', function* () {
        yield* kernel.pin_user_pages_fast_only(buf, 4, FOLL_WRITE);
      });
      lab.task('second munmap', function* () {
        yield* kernel.munmap(buf);
      });
      // 1 mapped, 5 mapped and pinned, 0, 4: the last but one reference is never alone unless it is put by itself.
      lab.always('no half of an undo is seen', () => holds([0, 1, 4, 5].includes(page_ref_count(buf))).toBe(true));
    },
  },
  unpinSplit: { on: '5.11', to: false, program: pinAndUnpin },
  unpinBatched: { on: '5.18', to: false, program: pinThp('fast') },
  bioRelease: {
    on: '6.1',
    to: 'page',
    program: (lab, kernel) => {
      const buf = lab.mm.mmapThp({ name: 'thp', order: 2 });
      lab.task('actor', function* () {
        for (const bio of yield* kernel.dio_write(buf, 4)) yield* kernel.bio_endio(bio);
      });
    },
  },
  vmstatAfterPut: {
    on: '5.9',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page' });
      lab.task('actor', function* () {
        const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);
        yield* kernel.munmap(buf);
        yield* kernel.unpin_user_pages(pages);
      });
    },
  },
  putGuard: {
    on: '5.14',
    to: 'none',
    arch: DEBUG,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page' });
      lab.task('actor', function* () {
        yield* kernel.unpin_user_pages(yield* kernel.get_user_pages_fast(buf, 1, 0));
      });
    },
  },
  badPagePincount: { on: '7.2', to: false, program: pinThenPut },
  pinnedUnsigned: {
    on: '5.11',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapPage({ name: 'page', keepers: 2 ** 31 });
      lab.task('actor', function* () {
        say(yield* kernel.page_maybe_dma_pinned(buf.page(0)));
      });
    },
  },
  overflowCheck: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page', keepers: 2 ** 31 });
      lab.task('actor', function* () {
        yield* kernel.try_get_page(buf.page(0));
      });
    },
  },
  zeroPagePinned: {
    on: '6.5',
    to: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapZeroPage();
      lab.task('actor', function* () {
        yield* kernel.pin_user_pages_fast(buf, 1, 0);
      });
    },
  },
  hugeZeroFast: {
    on: '7.2',
    to: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapHugeZeroPage({ order: 2 });
      lab.task('actor', function* () {
        yield* kernel.pin_user_pages_fast(buf, 4, 0);
      });
    },
  },
  devmapGup: {
    on: '6.10',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapDax();
      lab.task('actor', function* () {
        say((yield* kernel.pin_user_pages_fast_only(buf, 1, FOLL_LONGTERM)).ret);
      });
    },
  },
  devmapOneBased: {
    on: '6.10',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapDax();
      lab.task('actor', function* () {
        for (const page of yield* kernel.get_user_pages_fast(buf, 1, 0)) yield* kernel.put_page(page);
      });
    },
  },
  pfnPinSkipped: {
    on: '5.14',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapPfn();
      lab.task('actor', function* () {
        say((yield* kernel.pin_user_pages(buf, 1, 0)).ret);
      });
    },
  },
  hugepd: {
    on: '6.10',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapHugetlb({ order: 2, hugepd: true });
      lab.task('actor', function* () {
        say((yield* kernel.pin_user_pages_fast(buf, 4, FOLL_WRITE)).ret);
      });
    },
  },
  hugeAddr: {
    on: '5.7',
    to: 'bug',
    program: (lab, kernel) => {
      const buf = lab.mm.mmapHugetlb({ order: 2, hugepd: true });
      lab.task('actor', function* () {
        yield* kernel.follow_page(buf, FOLL_GET);
      });
    },
  },
  longtermZones: { on: '5.14', to: 'cma', program: longPin('movable') },
  longtermFastTest: { on: '5.14', to: 'no', program: longPin('cma', true) },
  slowGrabTestsLongterm: { on: '5.14', to: 'all', program: longPin('cma') },
  longtermDrainsByRefs: {
    on: '6.10',
    to: true,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapPage({ name: 'page', zone: 'cma' });
      lab.task('actor', function* () {
        yield* kernel.mlock(buf.page(0));
        say((yield* kernel.pin_user_pages(buf, 1, FOLL_WRITE | FOLL_LONGTERM)).ret);
      });
    },
  },
  longtermFileRefused: {
    on: '6.5',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapFile(lab.mm.file());
      lab.task('actor', function* () {
        say((yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE | FOLL_LONGTERM)).ret);
      });
    },
  },
  forcedWrite: {
    on: '7.2',
    to: 'drop-write',
    search: true,
    program: (lab, kernel) => {
      const file = lab.mm.file();
      const buf = lab.mm.mmapFile(file, { shared: false, readOnly: true });
      lab.task('writer', function* () {
        yield* kernel.proc_mem_write(buf, 1);
      });
      lab.task('madvise', function* () {
        yield* kernel.madvise_dontneed(buf);
      });
      lab.always("the file is nobody's to write", () => {
        const page = file.cached(0);
        if (page !== null) holds(value(page.data)).toBe(0);
      });
    },
  },
  pageCacheRecheck: {
    on: '7.2',
    to: false,
    search: true,
    program: (lab, kernel) => {
      const file = lab.mm.file({ fs: 'shmem' });
      const buf = lab.mm.mmapUntouched(1);
      lab.task('reader', function* () {
        const page = yield* kernel.find_get_page(file, 0);
        if (page === null) return;
        holds(yield R(page.data)).toBe(0);
        yield* kernel.put_page(page);
      });
      lab.task('truncate', function* () {
        yield* kernel.truncate(file, 0);
        yield* kernel.user_write(buf, 9);
      });
    },
  },
  writeProtectSeq: {
    on: '5.11',
    to: false,
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage();
      lab.task('pinner', function* () {
        yield* kernel.unpin_user_pages(yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE));
      });
      lab.task('forker', function* () {
        yield* kernel.fork(buf);
        yield* kernel.user_write(buf, 1);
      });
    },
  },
  forkCopiesPinned: { on: '5.11', to: 'no', search: true, program: forkUnderPin('page') },
  forkCopiesHugetlb: { on: '5.14', to: false, search: true, program: forkUnderPin('hugetlb') },
  cowReuse: { on: '5.9', to: 'mapcount', search: true, program: leak('page') },
  cowFreesSwap: {
    on: '5.18',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page' });
      lab.task('actor', function* () {
        yield* kernel.shrink_folio(buf.page(0));
        yield* kernel.user_read(buf);
        yield* kernel.user_write(buf, 1);
      });
    },
  },
  cowReuseThp: { on: '5.18', to: 'mapcount', search: true, program: leak('thp') },
  breakCowOnRead: { on: '5.7', to: true, search: true, program: leak('page') },
  anonExclusive: { on: '5.19', to: false, search: true, program: leak('page') },
  unshare: {
    on: '5.19',
    to: 'no',
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage();
      lab.task('parent', function* () {
        yield* kernel.fork(buf);
        const pages = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_LONGTERM);
        yield* kernel.user_write(buf, 1);
        yield* kernel.unpin_user_pages(pages);
      });
    },
  },
  unshareLooksAtHead: {
    on: '6.5',
    to: false,
    program: (lab, kernel, say) => {
      const buf = lab.mm.mmapHugetlb({ order: 1, contPte: true, readOnly: true });
      lab.task('actor', function* () {
        say((yield* kernel.pin_user_pages_fast_only(buf, 2, 0)).ret);
      });
    },
  },
  reclaimSkipsPinned: { on: '6.5', to: 'swap', search: true, program: reclaimedFile },
  lazyfreeChecksRefs: {
    on: '5.18',
    to: false,
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ lazyfree: true });
      lab.task('reader', function* () {
        for (const bio of yield* kernel.dio_read(buf, 1)) {
          yield* kernel.user_read(buf);
          yield* kernel.bio_endio(bio);
        }
      });
      lab.task('kswapd', function* () {
        yield* kernel.shrink_folio(buf.page(0));
      });
    },
  },
  clearRefsSkipsPinned: {
    on: '5.11',
    to: false,
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage();
      lab.task('actor', function* () {
        const pages = yield* kernel.ib_umem_get(buf, 1);
        yield* kernel.clear_refs(buf);
        yield* kernel.user_write(buf, 1);
        yield* kernel.ib_umem_release(pages);
      });
    },
  },
  collapseSync: { on: '6.1', to: false, search: true, arch: WEAK, program: collapse(false) },
  hugePmdUnshareSync: {
    on: '7.2',
    to: false,
    search: true,
    program: (lab, kernel) => {
      const a = lab.mm.mmapHugetlb({ name: 'a', order: 1, shared: true });
      const other = lab.mm.process('other');
      const b = other.mmapHugetlb({ name: 'b', order: 1, sharedWith: a });
      const later = other.mmapHugetlb({ name: 'later', order: 1, sharedWith: b });
      lab.task('gup', function* () {
        for (const page of yield* kernel.get_user_pages_fast_only(a, 1, FOLL_WRITE)) yield* kernel.put_page(page);
      });
      lab.task('munmap', function* () {
        yield* kernel.munmap(a);
      });
      lab.task('other', function* () {
        yield* kernel.munmap(b);
        yield* kernel.user_write(later, 1);
      });
    },
  },
  splitPmdLocksPage: {
    on: '5.7',
    to: true,
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapThp({ order: 1 });
      lab.task('parent', function* () {
        const copy = yield* kernel.fork(buf);
        lab.task('child', function* () {
          yield* kernel.user_write(copy, 9);
        });
        yield* kernel.split_huge_pmd(buf);
      });
    },
  },
  splitUnfreezesHead: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapThp({ name: 'thp', order: 1 });
      lab.task('actor', function* () {
        yield* kernel.split_huge_page(buf.page(0));
      });
    },
  },
  splitFreezePutsOnce: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapThp({ name: 'thp', order: 1 });
      lab.task('actor', function* () {
        yield* kernel.split_huge_page(buf.page(0));
      });
    },
  },
  hugetlbUnfreezes: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapHugetlb({ name: 'huge', order: 1 });
      lab.task('actor', function* () {
        yield* kernel.madvise_dontneed(buf);
        yield* kernel.user_write(buf, 1);
      });
    },
  },
  zapBatches: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPteThp({ name: 'thp', order: 1 });
      lab.task('actor', function* () {
        yield* kernel.munmap(buf);
      });
    },
  },
  forkBatches: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPteThp({ name: 'thp', order: 2 });
      lab.task('actor', function* () {
        yield* kernel.fork(buf);
        yield* kernel.munmap(buf);
      });
    },
  },
  faultAddsRange: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapUntouched(1);
      lab.task('actor', function* () {
        yield* kernel.user_write(buf, 1);
      });
    },
  },
  hugeZeroWrite: {
    on: '7.2',
    to: 'split',
    program: (lab, kernel) => {
      const buf = lab.mm.mmapHugeZeroPage({ order: 1 });
      lab.task('actor', function* () {
        yield* kernel.user_write(buf, 1);
      });
    },
  },
  mlockBatch: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page' });
      lab.task('actor', function* () {
        yield* kernel.mlock(buf.page(0));
      });
    },
  },
  munmapDrainsLru: {
    on: '7.2',
    to: true,
    arch: LRU,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapUntouched(1);
      lab.task('actor', function* () {
        yield* kernel.user_write(buf, 1);
        yield* kernel.munmap(buf);
      });
    },
  },
  lruFreesByFreeze: {
    on: '7.2',
    to: false,
    arch: LRU,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapUntouched(1);
      lab.task('actor', function* () {
        yield* kernel.user_write(buf, 1);
        yield* kernel.lru_add_drain();
      });
    },
  },
  dioAcquires: {
    on: '6.5',
    to: 'get',
    search: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage();
      lab.task('reader', function* () {
        const bios = yield* kernel.dio_read(buf, 1);
        yield* kernel.fork(buf);
        yield* kernel.user_write(buf, 1);
        for (const bio of bios) yield* kernel.bio_endio(bio);
      });
    },
  },
  bioMerges: {
    on: '7.2',
    to: true,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapThp({ name: 'thp', order: 2 });
      lab.task('actor', function* () {
        for (const bio of yield* kernel.dio_write(buf, 4, 3)) yield* kernel.bio_endio(bio);
      });
    },
  },
  rdmaPinsFast: {
    on: '7.2',
    to: false,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPage({ name: 'page' });
      lab.task('actor', function* () {
        yield* kernel.ib_umem_get(buf, 1);
      });
    },
  },
  uringPinsFast: { on: '7.2', to: false, program: registered((lab) => lab.mm.mmapPage({ name: 'page' })) },
  uringRefusesFiles: {
    on: '6.1',
    to: false,
    program: registered((lab) => lab.mm.mmapFile(lab.mm.file(), { shared: false })),
  },
  uringCoalesces: { on: '7.2', to: 'no', program: registered((lab) => lab.mm.mmapThp({ name: 'thp', order: 2 })) },
  uringUnpinsHead: {
    on: '7.2',
    to: true,
    arch: DEBUG,
    program: (lab, kernel) => {
      const buf = lab.mm.mmapPteThp({ name: 'thp', order: 1 });
      lab.task('actor', function* () {
        yield W(buf.page(0).anon_exclusive, 0);
        const pages = yield* kernel.io_uring_register(buf.at(1), 1);
        yield* kernel.io_uring_unregister(pages);
      });
    },
  },
};
