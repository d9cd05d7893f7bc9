/**
 * The memory of a recorded program, by its kind, as it was when the recording began. What a recording says about the start
 * (references of LRU batches, the size of folios, flags) is handed in; what it does not say is as the kernel makes it.
 */

import { NotApplicable } from '../../engine/errors.ts';
import type { FileModel } from '../../engine/file.ts';
import { ENTRY_DIRTY, ENTRY_WRITE, homeFor } from '../../engine/flags.ts';
import type { MappingModel, MappingStart } from '../../engine/mapping.ts';
import { type FlagName, PageModel, type PageTraits } from '../../engine/page.ts';
import type { ProcessModel } from '../../engine/process.ts';
import type { World } from '../../engine/world.ts';
import type { MemoryKind } from '../format/memory.ts';

/** Pages under one PMD. */
export const HUGE = 512;
const HUGE_ORDER = 9;

export interface BufferStart {
  readonly kind: MemoryKind;
  /** Pages from the start of the mapping to the end of the buffer. */
  readonly npages: number;
  /** Order of the folios that small mappings are made of; 0 where the kernel gave single pages. */
  readonly folioOrder: number;
  /** Whether a page waits in an LRU add batch, which holds one reference more. */
  readonly waits: (i: number) => boolean;
  /** PG_dirty, PG_referenced and PG_active at the start. */
  readonly dirty: boolean;
  readonly referenced: boolean;
  readonly active: boolean;
  /** The mapping may not be written (PROT_READ). */
  readonly readOnly: boolean;
  /** ZONE_MOVABLE. */
  readonly movable: boolean;
  /** Nothing is mapped yet: the program's first access brings the pages. */
  readonly untouched: boolean;
}

/** What most starts have in common. */
export const PLAIN_START: Omit<BufferStart, 'kind' | 'npages'> = {
  folioOrder: 0,
  waits: () => false,
  dirty: false,
  referenced: false,
  active: false,
  readOnly: false,
  movable: false,
  untouched: false,
};

/** The longest buffer that is built, pages: 256 MiB, far more than any recording program maps. */
const MOST_PAGES = 65_536;

/** Makes the mapping. Throws NotApplicable for lengths that no buffer has. */
export function makeBuffer(world: World, process: ProcessModel, start: BufferStart): MappingModel {
  const { kind, npages, readOnly } = start;
  if (!Number.isInteger(npages) || npages < 1 || npages > MOST_PAGES)
    throw new NotApplicable(`a buffer of ${npages} pages is not built: 1 to ${MOST_PAGES} are`);
  const options = { name: 'buffer', readOnly };
  const count = Math.ceil(npages / HUGE);
  if (start.untouched) return nothingMapped(world, process, start);
  switch (kind) {
    case 'anon_thp':
      return huge(world, process, start, false);
    case 'anon_mthp':
      return npages >= HUGE ? huge(world, process, start, false) : small(world, process, start, null);
    case 'hugetlb_2m':
      return huge(world, process, start, true);
    case 'anon_untouched':
      return process.mmapUntouched(npages, options);
    case 'anon_untouched_thp':
      return process.mmapUntouched(count * HUGE, { ...options, thp: true });
    case 'zero_page':
      return process.mmapZeroPage(npages, options);
    case 'huge_zero_page':
      return process.mmapHugeZeroPage({ ...options, count });
    case 'file_shared':
    case 'file_private_ro':
    case 'memfd':
      return file(world, process, start);
    case 'file_private_cow':
      return small(world, process, start, process.file({ name: 'file', pages: npages }));
    case 'anon_small':
      return small(world, process, start, null);
  }
}

/** Memory of a kind before its first access. */
function nothingMapped(world: World, { mm }: ProcessModel, { kind, npages, readOnly }: BufferStart): MappingModel {
  const hugetlb = kind === 'hugetlb_2m';
  const thp = kind === 'anon_thp' || kind === 'anon_untouched_thp';
  return world.newMapping({
    ...ANON,
    mm,
    writable: !readOnly,
    kind: hugetlb ? 'hugetlb' : 'anon',
    level: hugetlb ? 'pmd' : 'pte',
    npages: hugetlb || thp ? Math.ceil(npages / HUGE) * HUGE : npages,
    file: null,
    pageAt: () => null,
    bits: () => 0,
    tables: false,
    thp,
  });
}

const PRIVATE: readonly FlagName[] = ['PG_swapbacked', 'PG_anon_exclusive'];

/** What all pages of a mapping have in common. */
function traitsOf({ movable }: BufferStart, kind: PageTraits['kind'], buffers: boolean): PageTraits {
  return { kind, buffers, zone: movable ? 'movable' : 'normal' };
}

/** A page that was on the LRU or waits for it, dirty or not. */
function flagsOf(start: BufferStart, i: number, flags: readonly FlagName[]): FlagName[] {
  const all = [...flags];
  if (start.kind !== 'hugetlb_2m' && !start.waits(i)) all.push('PG_lru');
  if (start.dirty) all.push('PG_dirty');
  if (start.referenced) all.push('PG_referenced');
  if (start.active) all.push('PG_active');
  return all;
}

/** Private pages behind PTEs, each written once; for a mapping of a file they are copies that hide it. */
function small(world: World, { mm }: ProcessModel, start: BufferStart, hidden: FileModel | null): MappingModel {
  const { npages, folioOrder, waits, readOnly } = start;
  const pages: PageModel[] = [];
  const mapping = world.newMapping({
    ...ANON,
    mm,
    writable: !readOnly,
    kind: hidden === null ? 'anon' : 'file',
    level: 'pte',
    npages,
    file: hidden,
    pageAt: (i) => pages[i] ?? null,
    bits: () => bitsOf(readOnly),
    tables: true,
  });
  const size = 2 ** folioOrder;
  for (let i = 0; i < npages; i += size) {
    const waiting = waits(i) ? 1 : 0;
    const head = world.newPage(npages === 1 ? 'page' : `page ${i}`, {
      order: folioOrder,
      refcount: size + waiting,
      keepers: waiting,
      mapcount: 1,
      home: homeFor(mapping.object, i),
      flags: flagsOf(start, i, PRIVATE),
      traits: traitsOf(start, 'ram', false),
    });
    for (let n = 0; n < size; n++) pages.push(head.subpage(n));
  }
  return mapping;
}

/** Huge pages, each mapped by a PMD. */
function huge(world: World, { mm }: ProcessModel, start: BufferStart, hugetlb: boolean): MappingModel {
  const heads: PageModel[] = [];
  const count = Math.ceil(start.npages / HUGE);
  const mapping = world.newMapping({
    ...ANON,
    mm,
    writable: !start.readOnly,
    kind: hugetlb ? 'hugetlb' : 'anon',
    level: 'pmd',
    npages: count * HUGE,
    file: null,
    pageAt: (i) => heads[Math.floor(i / HUGE)] ?? null,
    bits: () => bitsOf(start.readOnly),
    tables: false,
    thp: !hugetlb,
  });
  for (let k = 0; k < count; k++) {
    const head = world.newPage(count === 1 ? 'huge page' : `huge page ${k}`, {
      order: HUGE_ORDER,
      refcount: 1,
      entire: 1,
      home: homeFor(mapping.object, k * HUGE),
      flags: flagsOf(start, k * HUGE, PRIVATE),
      traits: traitsOf(start, hugetlb ? 'hugetlb' : 'ram', false),
    });
    heads.push(head);
  }
  return mapping;
}

/** Pages of the page cache: one reference per page for the cache, one for buffers, one for each mapped page. */
function file(world: World, { mm }: ProcessModel, start: BufferStart): MappingModel {
  const { kind, npages, folioOrder, waits, readOnly } = start;
  const shmem = kind === 'memfd';
  const shared = kind !== 'file_private_ro';
  const size = 2 ** folioOrder;
  const heads: PageModel[] = [];
  const slots: (PageModel | null)[] = Array.from({ length: Math.ceil(npages / size) }, () => null);
  const model = world.newFile('file', { fs: shmem ? 'shmem' : 'ext4' }, folioOrder, slots);
  for (const k of slots.keys()) {
    const waiting = waits(k * size) ? 1 : 0;
    const flags: readonly FlagName[] = shmem ? ['PG_swapbacked'] : ['PG_private'];
    const head = world.newPage(`file page ${k * size}`, {
      order: folioOrder,
      refcount: size + (shmem ? 0 : 1) + waiting,
      keepers: waiting,
      home: homeFor(model.object, k * size),
      flags: flagsOf(start, k * size, flags),
      traits: traitsOf(start, 'ram', !shmem),
    });
    heads.push(head);
    slots[k] = head;
  }
  const pageAt = (i: number): PageModel | null => heads[Math.floor(i / size)]?.subpage(i % size) ?? null;
  const writable = shared && !readOnly;
  for (let i = 0; i < npages; i++) {
    const page = pageAt(i);
    if (page !== null) PageModel.mapOnce(page);
  }
  return world.newMapping({
    ...ANON,
    mm,
    writable,
    kind: 'file',
    level: 'pte',
    npages,
    shared,
    file: model,
    pageAt,
    bits: () => bitsOf(!writable),
    tables: true,
  });
}

function bitsOf(readOnly: boolean): number {
  return readOnly ? 0 : ENTRY_WRITE | ENTRY_DIRTY;
}

const ANON: Pick<MappingStart, 'name' | 'order' | 'shared' | 'from' | 'thp'> = {
  name: 'buffer',
  order: HUGE_ORDER,
  shared: false,
  from: 0,
  thp: false,
};
