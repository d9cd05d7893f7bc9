/** A process as scripts see it, and the memory they build for it before the first step. */
import { NotApplicable, ScriptMisuse } from './errors.ts';
import { FileModel, type FileTraits } from './file.ts';
import { ENTRY_DEVMAP, ENTRY_DIRTY, ENTRY_PROTNONE, ENTRY_SPECIAL, ENTRY_WRITE, entryFor, homeFor } from './flags.ts';
import type {
  DaxOptions,
  FileMapOptions,
  FileOptions,
  HugetlbOptions,
  MapOptions,
  MemoryBuilder,
} from './interface.ts';
import type { MappingLevel, MappingModel, MappingStart } from './mapping.ts';
import type { MemoryWord } from './memory.ts';
import type { MmStruct } from './mm-struct.ts';
import { type FlagName, type PageBirth, PageModel, PLAIN } from './page.ts';
import { PageTable } from './page-table.ts';
import { describe, mappingOf, type World } from './world.ts';

/** Finds a name for what the author assigns a call to: the variable's name, or null. */
export type NameFinder = () => string | null;

function whole(value: number, what: string, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ScriptMisuse(`${what} is a whole number of ${least} to ${most}, got ${describe(value)}`);
}

/** Memory whose end can be unmapped before the experiment begins: small pages, and what nobody touched yet. */
const MAY_END_IN_A_HOLE: readonly string[] = ['mmapPages()', 'mmapUntouched()'];

const known = new WeakMap<MmStruct, ProcessModel>();

/** The handle of a process: always the same one. */
export function processFor(world: World, mm: MmStruct, nameFinder: NameFinder): ProcessModel {
  let process = known.get(mm);
  if (process === undefined) {
    process = new ProcessModel(world, mm, nameFinder);
    known.set(mm, process);
  }
  return process;
}

export class ProcessModel implements MemoryBuilder {
  readonly mm: MmStruct;
  readonly #world: World;
  readonly #nameFinder: NameFinder;

  constructor(world: World, mm: MmStruct, nameFinder: NameFinder) {
    this.#world = world;
    this.mm = mm;
    this.#nameFinder = nameFinder;
    Object.freeze(this);
  }

  /** Whether it was made here: what only looks like a process is none. */
  static is(value: unknown): value is ProcessModel {
    return typeof value === 'object' && value !== null && #world in value;
  }

  get name(): string {
    return this.mm.name;
  }

  get mmap_lock(): MemoryWord {
    return this.mm.mmap_lock;
  }

  get has_pinned(): MemoryWord {
    return this.mm.has_pinned;
  }

  get write_protect_seq(): MemoryWord {
    return this.mm.write_protect_seq;
  }

  process(name?: string): ProcessModel {
    this.#building('process()');
    this.#world.strangers = true;
    return processFor(this.#world, this.#world.newMm(name ?? this.#nameFinder() ?? 'process'), this.#nameFinder);
  }

  mapping(of: MappingModel): MappingModel {
    const mapping = mappingOf(of, 'mapping()');
    if (mapping.mm === this.mm) return mapping;
    const own = this.mm.mappings.find((candidate) => candidate.root === mapping.root);
    if (own === undefined) throw new ScriptMisuse(`${this.name} has no copy of ${mapping.name}`);
    return own;
  }

  #building(what: string): void {
    if (this.#world.phase !== 'build') throw new ScriptMisuse(`${what} belongs in the body, not in an actor`);
  }

  #named(options: MapOptions, fallback: string, what: string): string {
    this.#building(what);
    if (options.hole !== undefined && !MAY_END_IN_A_HOLE.includes(what))
      throw new ScriptMisuse(`${what} makes no hole: mmapPages() and mmapUntouched() do`);
    return this.#world.memory.uniqueName(options.name ?? this.#nameFinder() ?? fallback);
  }

  /** What all pages of a mapping have in common. */
  #birth(options: MapOptions, counts: PageBirth, flags: readonly FlagName[]): PageBirth {
    const keepers = whole(options.keepers ?? 0, 'keepers', 0, 2 ** 32 - 1);
    const lazyfree = options.lazyfree === true ? flags.filter((flag) => flag !== 'PG_swapbacked') : flags;
    const traits = counts.traits ?? PLAIN;
    return {
      ...counts,
      keepers,
      refcount: (counts.refcount ?? 0) + keepers,
      flags: lazyfree,
      traits: options.zone === undefined ? traits : { ...traits, zone: options.zone },
    };
  }

  /** Entry bits of present private memory. */
  #bits(options: MapOptions): number {
    const hint = options.protnone === true ? ENTRY_PROTNONE : 0;
    if (options.readOnly === true) return hint;
    return hint | ENTRY_WRITE | (options.lazyfree === true ? 0 : ENTRY_DIRTY);
  }

  #map(name: string, options: MapOptions, rest: Omit<MappingStart, 'name' | 'mm' | 'writable'>): MappingModel {
    const hole = options.hole === undefined ? {} : { limit: whole(options.hole, 'hole', 0, rest.npages) };
    return this.#world.newMapping({ name, mm: this.mm, writable: options.readOnly !== true, ...hole, ...rest });
  }

  /** Private memory whose pages are made now; the pages learn where they belong once the mapping exists. */
  #anonymous(
    name: string,
    options: MapOptions,
    shape: {
      readonly level: MappingLevel;
      readonly order: number;
      readonly npages: number;
      readonly hugetlb?: boolean;
    },
    pageAt: (home: (i: number) => number) => (i: number) => PageModel,
  ): MappingModel {
    let object = -1;
    let at: ((i: number) => PageModel) | null = null;
    const bits = this.#bits(options);
    const mapped = options.hole ?? shape.npages;
    const mapping = this.#map(name, options, {
      kind: shape.hugetlb === true ? 'hugetlb' : 'anon',
      level: shape.level,
      order: shape.order,
      npages: shape.npages,
      shared: false,
      file: null,
      from: 0,
      pageAt: (i) => {
        at ??= pageAt((index) => homeFor(object, index));
        return i < mapped ? at(i) : null;
      },
      bits: (i) => (i < mapped ? bits : 0),
      tables: shape.level === 'pte',
      thp: shape.level === 'pmd' && shape.hugetlb !== true,
    });
    object = mapping.object;
    // Pages exist from the start, in the order of their addresses.
    for (let i = 0; i < shape.npages; i += shape.level === 'pte' ? 1 : mapping.blockPages) mapping.start.pageAt(i);
    return mapping;
  }

  mmapPage(options: MapOptions = {}): MappingModel {
    return this.mmapPages(1, options, 'mmapPage()');
  }

  mmapPages(npages: number, options: MapOptions = {}, what = 'mmapPages()'): MappingModel {
    whole(npages, 'the number of pages', 1, 4096);
    const name = this.#named(options, npages === 1 ? 'page' : 'pages', what);
    const order = whole(options.order ?? 9, 'order', 0, 9);
    return this.#anonymous(name, options, { level: 'pte', order, npages }, (home) => {
      const pages = Array.from({ length: options.hole ?? npages }, (_, i) => {
        const batched = options.inLruBatch === true;
        const counts = { refcount: batched ? 2 : 1, mapcount: 1, home: home(i) };
        const birth = this.#birth(options, counts, batched ? ANON.filter((flag) => flag !== 'PG_lru') : ANON);
        const page = this.#world.newPage(npages === 1 ? name : `${name}[${i}]`, birth);
        if (batched) this.#world.startInBatch(page);
        return page;
      });
      return (i) => at(pages, i);
    });
  }

  #huge(options: MapOptions, name: string, level: MappingLevel, order: number, hugetlb: boolean): MappingModel {
    const count = whole(options.count ?? 1, 'count', 1, 64);
    const shape = { level, order, npages: count * 2 ** order, hugetlb };
    return this.#anonymous(name, options, shape, (home) => {
      const heads = Array.from({ length: count }, (_, k) => {
        const counts: PageBirth = { order, refcount: 1, entire: 1, home: home(k * 2 ** order) };
        const birth = this.#birth(
          options,
          hugetlb ? { ...counts, traits: { ...PLAIN, kind: 'hugetlb' } } : counts,
          ANON,
        );
        return this.#world.newPage(count === 1 ? name : `${name}.${k}`, birth);
      });
      return (i) => at(heads, Math.floor(i / 2 ** order));
    });
  }

  mmapThp(options: MapOptions = {}): MappingModel {
    const name = this.#named(options, 'thp', 'mmapThp()');
    return this.#huge(options, name, 'pmd', whole(options.order ?? 9, 'order', 1, 18), false);
  }

  mmapPteThp(options: MapOptions = {}): MappingModel {
    const name = this.#named(options, 'thp', 'mmapPteThp()');
    const order = whole(options.order ?? 9, 'order', 1, 9);
    const n = 2 ** order;
    return this.#anonymous(
      name,
      options,
      { level: 'pte', order: Math.max(order, options.pmdOrder ?? order), npages: n },
      (home) => {
        const birth = this.#birth(options, { order, refcount: n, mapcount: 1, home: home(0) }, ANON);
        const head = this.#world.newPage(name, birth);
        return (i) => head.subpage(i);
      },
    );
  }

  mmapUntouched(npages: number, options: MapOptions = {}): MappingModel {
    whole(npages, 'the number of pages', 1, 4096);
    const name = this.#named(options, 'untouched', 'mmapUntouched()');
    return this.#map(name, options, {
      ...EMPTY,
      kind: 'anon',
      order: whole(options.order ?? 9, 'order', 1, 9),
      npages,
      thp: options.thp === true,
    });
  }

  mmapZeroPage(npages = 1, options: MapOptions = {}): MappingModel {
    whole(npages, 'the number of pages', 1, 4096);
    const name = this.#named(options, 'zeroes', 'mmapZeroPage()');
    const page = this.#world.zeroPage;
    const base: typeof EMPTY = { ...EMPTY, tables: true, pageAt: () => page, bits: () => ENTRY_SPECIAL };
    return this.#map(name, options, { ...base, kind: 'anon', order: 9, npages, thp: false });
  }

  mmapHugeZeroPage(options: MapOptions = {}): MappingModel {
    const name = this.#named(options, 'huge zeroes', 'mmapHugeZeroPage()');
    const order = whole(options.order ?? 9, 'order', 1, 9);
    const count = whole(options.count ?? 1, 'count', 1, 64);
    const page = this.#world.hugeZeroPage(order);
    const base: typeof EMPTY = { ...EMPTY, level: 'pmd', pageAt: () => page };
    return this.#map(name, options, { ...base, kind: 'anon', order, npages: count * 2 ** order, thp: true });
  }

  mmapHugetlb(options: HugetlbOptions = {}): MappingModel {
    const name = this.#named(options, 'hugetlb', 'mmapHugetlb()');
    const order = whole(options.order ?? 9, 'order', 1, 18);
    if (options.sharedWith !== undefined) return this.#hugetlbShared(name, options, order);
    if (options.contPte === true) return this.#hugetlbContPte(name, options, order);
    if (options.hugepd === true) {
      if (!this.#world.switches.hugepd) throw new NotApplicable('this kernel walks no huge page directories');
      return this.#huge(options, name, 'hugepd', order, true);
    }
    if (options.shared === true) return this.#hugetlbTable(name, options, order);
    return this.#huge(options, name, order >= 18 ? 'pud' : 'pmd', order, true);
  }

  /** A huge page behind contiguous PTEs (arm64). */
  #hugetlbContPte(name: string, options: MapOptions, order: number): MappingModel {
    const shape = { level: 'pte' as const, order, npages: 2 ** order, hugetlb: true };
    return this.#anonymous(name, options, shape, (home) => {
      const traits = { ...PLAIN, kind: 'hugetlb' as const };
      const birth = this.#birth(options, { order, refcount: 1, entire: 1, home: home(0), traits }, ANON);
      const head = this.#world.newPage(name, birth);
      return (i) => head.subpage(i);
    });
  }

  /** A shared hugetlb mapping whose table of PMDs other processes can share. */
  #hugetlbTable(name: string, options: HugetlbOptions, order: number): MappingModel {
    const traits = { ...PLAIN, kind: 'hugetlb' as const };
    const cached: (PageModel | null)[] = [null];
    const file = this.#world.newFile(this.#world.memory.uniqueName(`${name} file`), { fs: 'hugetlbfs' }, order, cached);
    const home = homeFor(file.object, 0);
    const head = this.#world.newPage(name, this.#birth(options, { order, refcount: 2, entire: 1, home, traits }, []));
    cached[0] = head;
    const bits = this.#bits(options);
    const table = new PageTable(
      this.#world.memory,
      `${name} pmd table`,
      (i) => `${name}.pmd[${i}]`,
      (i) => (i === 0 ? entryFor(head.object, bits) : 0),
    );
    this.#world.registerTable(table);
    return this.#map(name, options, { ...EMPTY, ...hugetlbFile(file, order, head, bits), sharedTable: table });
  }

  #hugetlbShared(name: string, options: HugetlbOptions, order: number): MappingModel {
    const other = mappingOf(options.sharedWith, 'mmapHugetlb({ sharedWith })');
    const { sharedTable, file } = other.start;
    if (sharedTable === undefined || file === null)
      throw new ScriptMisuse(`sharedWith wants a mapping made by mmapHugetlb({ shared: true }), got ${other.name}`);
    if (other.mm === this.mm) {
      // The same process, the same upper entry: what a later mapping there will use.
      const base: typeof EMPTY = { ...EMPTY, level: 'pmd' };
      return this.#map(name, options, {
        ...base,
        kind: 'hugetlb',
        order,
        npages: 2 ** order,
        thp: false,
        sharedTable,
        under: other,
      });
    }
    PageTable.share(sharedTable);
    const head = other.page(0);
    return this.#map(name, options, { ...EMPTY, ...hugetlbFile(file, order, head, this.#bits(options)), sharedTable });
  }

  file(options: FileOptions = {}): FileModel {
    this.#building('file()');
    const name = this.#world.memory.uniqueName(options.name ?? this.#nameFinder() ?? 'file');
    const npages = whole(options.pages ?? 1, 'pages', 1, 4096);
    const order = whole(options.order ?? 0, 'order', 0, 9);
    const traits: FileTraits = { fs: options.fs ?? 'ext4' };
    const slots = Math.ceil(npages / 2 ** order);
    const pages: (PageModel | null)[] = Array.from({ length: slots }, () => null);
    const file = this.#world.newFile(name, traits, order, pages);
    if (options.cached !== false) {
      for (let k = 0; k < slots; k++) pages[k] = this.#filePage(file, options, k, slots, order);
    }
    return file;
  }

  #filePage(file: FileModel, options: FileOptions, k: number, slots: number, order: number): PageModel {
    const buffers = file.traits.fs === 'ext4';
    const index = k * 2 ** order;
    const flags: FlagName[] = ['PG_lru'];
    if (buffers) flags.push('PG_private');
    if (file.traits.fs === 'shmem') flags.push('PG_swapbacked');
    const birth: PageBirth = {
      order,
      refcount: 2 ** order + (buffers ? 1 : 0),
      home: homeFor(file.object, index),
      traits: { zone: options.zone ?? 'normal', kind: 'ram', buffers },
      flags,
    };
    return this.#world.newPage(slots === 1 ? `${file.name} page` : `${file.name} page ${index}`, birth);
  }

  mmapFile(of: FileModel, options: FileMapOptions = {}): MappingModel {
    if (!FileModel.is(of)) throw new ScriptMisuse(`mmapFile() wants a file (lab.mm.file(...)), got ${describe(of)}`);
    const name = this.#named(options, `map of ${of.name}`, 'mmapFile()');
    const from = whole(options.from ?? 0, 'from', 0, of.npages - 1);
    const npages = whole(options.pages ?? of.npages - from, 'pages', 1, of.npages - from);
    const shared = options.shared !== false;
    const mapped = options.populate !== false;
    const writable = shared && options.clean !== true && options.readOnly !== true;
    const mapping = this.#map(name, options, {
      ...EMPTY,
      kind: 'file',
      order: 9,
      npages,
      shared,
      file: of,
      from,
      tables: true,
      thp: false,
      pageAt: (i) => (mapped ? (of.cached(from + i)?.subpage((from + i) % 2 ** of.order) ?? null) : null),
      bits: (i) => {
        if (!mapped || of.cached(from + i) === null) return 0;
        return writable ? ENTRY_WRITE | ENTRY_DIRTY : 0;
      },
    });
    for (let i = 0; mapped && i < npages; i++) {
      const page = of.cached(from + i)?.subpage((from + i) % 2 ** of.order);
      if (page !== undefined) PageModel.mapOnce(page);
    }
    return mapping;
  }

  mmapDax(options: DaxOptions = {}): MappingModel {
    const name = this.#named(options, 'dax', 'mmapDax()');
    const huge = options.huge === true;
    const order = whole(options.order ?? (huge ? 9 : 0), 'order', huge ? 1 : 0, 9);
    const npages = huge ? 2 ** order : whole(options.pages ?? 1, 'pages', 1, 4096);
    const oneBased = this.#world.switches.devmapOneBased;
    const heads = Array.from({ length: huge ? 1 : npages }, (_, i) =>
      this.#world.newPage(npages === 1 || huge ? name : `${name}[${i}]`, {
        order: huge ? order : 0,
        refcount: 1,
        keepers: oneBased ? 1 : 0,
        ...(oneBased ? {} : huge ? { entire: 1 } : { mapcount: 1 }),
        traits: { zone: 'normal', kind: 'device', buffers: false },
      }),
    );
    const bits = this.#bits(options) | (oneBased ? ENTRY_DEVMAP : 0);
    const shape: Pick<MappingStart, 'level' | 'order' | 'tables'> = huge
      ? { level: 'pmd', order, tables: false }
      : { level: 'pte', order: 9, tables: true };
    const base = { ...EMPTY, ...shape, kind: 'devmap' as const, npages, shared: true, thp: false };
    return this.#map(name, options, { ...base, pageAt: (i) => at(heads, huge ? 0 : i), bits: () => bits });
  }

  mmapPfn(npages = 1, options: MapOptions = {}): MappingModel {
    const name = this.#named(options, 'pfns', 'mmapPfn()');
    const base: typeof EMPTY = { ...EMPTY, tables: true, bits: () => ENTRY_SPECIAL | ENTRY_WRITE };
    return this.#map(name, options, { ...base, kind: 'pfn', order: 9, npages, shared: true, thp: false });
  }
}

/** Flags of private pages in use. */
const ANON: readonly FlagName[] = ['PG_lru', 'PG_swapbacked', 'PG_anon_exclusive'];

/** A mapping with nothing in it. */
const EMPTY: Pick<MappingStart, 'level' | 'shared' | 'file' | 'from' | 'pageAt' | 'bits' | 'tables'> = {
  level: 'pte',
  shared: false,
  file: null,
  from: 0,
  pageAt: () => null,
  bits: () => 0,
  tables: false,
};

type Shape = Omit<MappingStart, 'name' | 'mm' | 'writable' | 'sharedTable' | 'under'>;

/** A shared mapping of one huge page of a hugetlbfs file. */
function hugetlbFile(file: FileModel, order: number, head: PageModel, bits: number): Shape {
  const base = { ...EMPTY, kind: 'hugetlb' as const, level: 'pmd' as const, order, npages: 2 ** order };
  return { ...base, shared: true, file, thp: false, pageAt: () => head, bits: () => bits };
}

function at(pages: readonly PageModel[], i: number): PageModel {
  const page = pages[i];
  if (page === undefined) throw new RangeError(`no page ${i}`);
  return page;
}
