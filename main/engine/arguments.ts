/** Checks of what scripts pass to kernel functions: a wrong argument is an error at the author's line. */
import { ScriptMisuse } from './errors.ts';
import { FileModel } from './file.ts';
import type { KernelSwitches, Page, UserAddress, UserMapping } from './interface.ts';
import { MappingModel } from './mapping.ts';
import type { Range } from './mm/gup-fast.ts';
import { type PageRun, runsOf, UserPagesModel } from './mm/user-pages.ts';
import type { MmStruct } from './mm-struct.ts';
import type { PageModel } from './page.ts';
import { ProcessModel } from './process.ts';
import { describe, mappingOf, modelOf } from './world.ts';

/** An address of a call: a mapping stands for its first page. @throws ScriptMisuse */
export function addressOf(start: UserMapping | UserAddress, what: string): { mapping: MappingModel; index: number } {
  if (MappingModel.is(start)) return { mapping: start, index: 0 };
  if (typeof start !== 'object' || start === null || !('mapping' in start)) {
    throw new ScriptMisuse(`${what} wants a mapping or mapping.at(i) as its start, got ${describe(start)}`);
  }
  const { mapping, index } = start;
  if (!Number.isInteger(index) || index < 0)
    throw new ScriptMisuse(`${what}: ${describe(index)} is no page of a mapping`);
  return { mapping: mappingOf(mapping, what), index };
}

/** The range a call names. @throws ScriptMisuse when it leaves the mapping */
export function rangeOf(start: UserMapping | UserAddress, nr: number, what: string): Range {
  const { mapping, index } = addressOf(start, what);
  if (!Number.isInteger(nr) || nr < 1) throw new ScriptMisuse(`${what} wants 1 page or more, got ${String(nr)}`);
  if (index + nr > mapping.npages) {
    throw new ScriptMisuse(
      `${what}: pages ${index} to ${index + nr - 1} leave ${mapping.name} (${mapping.npages} pages)`,
    );
  }
  return { mapping, index, nr };
}

/** The rest of a mapping from an address on, unless `nr` says less. */
export function extentOf(start: UserMapping | UserAddress, nr: number | undefined, what: string): Range {
  const { mapping, index } = addressOf(start, what);
  return rangeOf(start, nr ?? mapping.npages - index, what);
}

export function flagsOf(gup_flags: unknown, what: string): number {
  if (typeof gup_flags === 'number' && Number.isInteger(gup_flags)) return gup_flags;
  throw new ScriptMisuse(`${what} wants gup_flags (FOLL_WRITE or 0) as its third argument, got ${describe(gup_flags)}`);
}

export function wholeOf(value: unknown, what: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new ScriptMisuse(`${what} wants a whole number to write, got ${describe(value)}`);
}

export function countOf(n: unknown, what: string, least = 0): number {
  if (typeof n === 'number' && Number.isInteger(n) && n >= least) return n;
  throw new ScriptMisuse(`${what} wants a whole number of ${least} or more, got ${describe(n)}`);
}

/** A list of pages as runs. @throws ScriptMisuse for anything that is no page */
export function runsFrom(pages: readonly Page[], what: string): PageRun[] {
  if (UserPagesModel.is(pages)) return runsOf(pages);
  if (!Array.isArray(pages)) throw new ScriptMisuse(`${what} wants an array of pages, got ${describe(pages)}`);
  // By index: the array may have a map() of its own.
  return runsOf(Array.from({ length: pages.length }, (_, i): PageModel => modelOf(pages[i], what)));
}

/** What get_user_pages*() and pin_user_pages*() returned. @throws ScriptMisuse for anything else */
export function userPagesOf(pages: unknown, what: string): UserPagesModel {
  if (UserPagesModel.is(pages)) return pages;
  throw new ScriptMisuse(
    `${what} wants the pages that get_user_pages*() or pin_user_pages*() returned, got ${describe(pages)}`,
  );
}

export function fileOf(file: unknown, what: string): FileModel {
  if (FileModel.is(file)) return file;
  throw new ScriptMisuse(`${what} wants a file (lab.mm.file('name', ...)), got ${describe(file)}`);
}

/** A process: lab.mm, what lab.mm.process() or fork() gave, or one of its mappings. */
export function processOf(process: unknown, what: string): MmStruct {
  if (ProcessModel.is(process)) return process.mm;
  if (MappingModel.is(process)) return process.mm;
  throw new ScriptMisuse(`${what} wants a process (lab.mm, lab.mm.process()) or a mapping, got ${describe(process)}`);
}

/** Values a switch may have, where they are names. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  hugePin: ['one-bias', 'bias-per-page', 'exact'],
  hugeUndo: ['page-refs', 'head-refs', 'matching'],
  headRecheck: ['no', 'fail', 'retry'],
  hugetlbGrab: ['page', 'folio'],
  bioRelease: ['page', 'folio'],
  putGuard: ['none', 'bug', 'warn-skip'],
  hugeAddr: ['bug', 'warn-null', 'warn'],
  longtermZones: ['cma', 'zone'],
  longtermFastTest: ['no', 'before', 'after'],
  slowGrabTestsLongterm: ['no', 'range', 'all'],
  forcedWrite: ['drop-write', 'foll-cow', 'exclusive'],
  forkCopiesPinned: ['no', 'count', 'exclusive'],
  cowReuse: ['mapcount', 'count', 'exclusive'],
  cowReuseThp: ['mapcount', 'count', 'exclusive'],
  unshare: ['no', 'anon', 'all'],
  reclaimSkipsPinned: ['no', 'swap', 'both'],
  hugeZeroWrite: ['split', 'huge'],
  dioAcquires: ['get', 'pin'],
  uringCoalesces: ['no', 'single', 'all'],
};

/** The values a switch can have, for whoever goes through all of them; undefined for one that no table has. */
export function switchValues(name: string, value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [false, true];
  return NAMES[name] ?? [];
}

/** Checks the keys and values of a switch table against the revision's own. @throws ScriptMisuse */
export function changeSwitches(base: KernelSwitches, changes: Partial<KernelSwitches>): KernelSwitches {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(base, name)) throw new ScriptMisuse(`kernel.with(): there is no switch "${name}"`);
    const known: unknown = Reflect.get(base, name);
    if (typeof value !== typeof known) {
      throw new ScriptMisuse(`kernel.with(): ${name} is a ${typeof known}, got ${describe(value)}`);
    }
    const names = NAMES[name];
    if (names !== undefined && !names.includes(String(value))) {
      throw new ScriptMisuse(`kernel.with(): ${name} is one of ${names.join(', ')}, got ${describe(value)}`);
    }
  }
  // The base's own properties, as they are: which of its switches are read says for which kernels a result holds.
  const changed: KernelSwitches = Object.create(Object.prototype, {
    ...Object.getOwnPropertyDescriptors(base),
    ...Object.getOwnPropertyDescriptors(changes),
  });
  if (!Number.isInteger(changed.biasShift) || changed.biasShift < 0 || changed.biasShift > 30) {
    throw new ScriptMisuse(`kernel.with(): biasShift is a whole number of 0 to 30, got ${changed.biasShift}`);
  }
  return Object.freeze(changed);
}
