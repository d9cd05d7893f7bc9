/**
 * The pages that get_user_pages*() hands out. They are kept as runs of consecutive struct pages, so that a 1 GB page is
 * one run and not 262,144 handles; the list is an ordinary array to whoever indexes or iterates it: an element is made
 * when it is asked for.
 */
import type { How } from '../books.ts';
import type { UserPages } from '../interface.ts';
import type { MappingModel } from '../mapping.ts';
import { PageModel } from '../page.ts';

/** `n` struct pages from `page` on, all of one compound page (or one page). */
export interface PageRun {
  readonly page: PageModel;
  readonly n: number;
}

const NO_RUNS: readonly PageRun[] = Object.freeze([]);

const LARGE = 4096;
const NEVER_PACKED = 2 ** 26;

function isIndex(key: string | symbol): key is string {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
}

/** Stands behind the list's prototype: what the array itself does not have is looked up in its runs. */
const elements = new Proxy(Array.prototype, {
  get(target, key, receiver) {
    if (isIndex(key) && UserPagesModel.is(receiver)) return receiver.pageAt(Number(key));
    return Reflect.get(target, key, receiver);
  },
  has(target, key) {
    return isIndex(key) || Reflect.has(target, key);
  },
});

/** Pages told to the caller, with what the call returned. */
export class UserPagesModel extends Array<PageModel> implements UserPages {
  ret = 0;
  readonly #how: How;
  readonly #mapping: MappingModel | null;
  #runs: readonly PageRun[] = NO_RUNS;

  /** `map()`, `filter()` and the like make plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  constructor(how: How, mapping: MappingModel | null) {
    super();
    this.#how = how;
    this.#mapping = mapping;
    // It is no element: a list is compared and printed by its pages.
    Object.defineProperty(this, 'ret', { enumerable: false });
  }

  /** Whether it was made here: what only looks like such a list is none. */
  static is(value: unknown): value is UserPagesModel {
    return typeof value === 'object' && value !== null && #runs in value;
  }

  get how(): How {
    return this.#how;
  }

  /** Whose memory it is, null for pages that were not found through a process. */
  get mapping(): MappingModel | null {
    return this.#mapping;
  }

  /** Frozen: what a script holds of a list does not change it. */
  get runs(): readonly PageRun[] {
    return this.#runs;
  }

  /** Adds `n` pages from `page` on. */
  add(page: PageModel, n: number): void {
    if (!PageModel.is(page)) throw new TypeError('a list of pages holds pages');
    const last = this.#runs.at(-1);
    const goesOn = last !== undefined && last.page.head === page.head && last.page.index + last.n === page.index;
    const run: PageRun = goesOn ? { page: last.page, n: last.n + n } : { page, n };
    this.#runs = Object.freeze([...(goesOn ? this.#runs.slice(0, -1) : this.#runs), Object.freeze(run)]);
    this.#grow(this.length + n);
  }

  /** Sets the length. V8 sets memory aside for every element of a list unless it was once too long for that. */
  #grow(length: number): void {
    if (length > LARGE && this.length <= LARGE) this.length = NEVER_PACKED;
    this.length = length;
  }

  /** Forgets all pages: they were given back. */
  clear(): void {
    this.#runs = NO_RUNS;
    this.length = 0;
  }

  addAll(runs: readonly PageRun[]): void {
    for (const run of runs) this.add(run.page, run.n);
  }

  pageAt(index: number): PageModel | undefined {
    let i = index;
    for (const { page, n } of this.#runs) {
      if (i < n) return page.head.subpage(page.index + i);
      i -= n;
    }
    return undefined;
  }

  /** The runs of pages `from` to `to - 1`. */
  part(from: number, to: number): PageRun[] {
    const runs: PageRun[] = [];
    let at = 0;
    for (const { page, n } of this.#runs) {
      const first = Math.max(from, at);
      const last = Math.min(to, at + n);
      if (last > first) runs.push({ page: page.head.subpage(page.index + first - at), n: last - first });
      at += n;
    }
    return runs;
  }

  /** All that tells this list from another one: for keys of places in an actor's code. */
  get liveKey(): string {
    const runs = this.#runs.map(({ page, n }) => `${page.object}x${n}`);
    return `pages ${this.#how} ${this.#mapping?.object ?? -1} ${this.ret} ${runs.join(' ')}`;
  }
}

Object.setPrototypeOf(UserPagesModel.prototype, elements);

/** Any list of pages as runs: consecutive subpages of one compound page become one. */
export function runsOf(pages: readonly PageModel[]): PageRun[] {
  if (UserPagesModel.is(pages)) return [...pages.runs];
  const runs: PageRun[] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last.page.head === page.head && last.page.index + last.n === page.index) {
      runs[runs.length - 1] = { page: last.page, n: last.n + 1 };
    } else runs.push({ page, n: 1 });
  }
  return runs;
}

/** Pages of all runs. */
export function pagesIn(runs: readonly PageRun[]): number {
  return runs.reduce((sum, { n }) => sum + n, 0);
}

/** Error numbers as the kernel returns them. */
export const EAGAIN = 11;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const EINVAL = 22;
export const EMLINK = 31;
export const EOPNOTSUPP = 95;
export const EHWPOISON = 133;
