/** What kernels are known to do, asserted one by one: pages that failed, the swap cache, what reclaim may not free. */
import { describe, expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab, MemoryFile, UserMapping } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { drive } from './linear.ts';

const IDS = KERNELS.map(({ id }) => id);
const EHWPOISON = 133;

const page = (lab: Lab): UserMapping => lab.mm.mmapPage({ name: 'page' });

describe('an access to a page that failed is refused, and waits for nobody', () => {
  const kinds: Readonly<Record<string, (lab: Lab) => UserMapping>> = {
    page,
    'huge page by PMD': (lab) => lab.mm.mmapThp({ name: 'thp', order: 1 }),
    'hugetlb page': (lab) => lab.mm.mmapHugetlb({ name: 'hugetlb', order: 1 }),
  };
  test.each(Object.keys(kinds))('%s', (kind) => {
    for (const id of IDS) {
      const got: number[] = [];
      drive(
        id,
        (lab) => kinds[kind]?.(lab) ?? page(lab),
        function* (lab, buf) {
          yield* lab.kernel.memory_failure(buf.page(0));
          got.push((yield* lab.kernel.get_user_pages(buf, 1, 0)).ret);
        },
      );
      expect([id, ...got]).toEqual([id, -EHWPOISON]);
    }
  });
});

test.each(IDS)('%s: a child gets the entry of a page that failed, hugetlb or not', (id) => {
  for (const map of [page, (lab: Lab) => lab.mm.mmapHugetlb({ name: 'hugetlb', order: 1 })]) {
    const got: number[] = [];
    drive(id, map, function* (lab, buf) {
      yield* lab.kernel.memory_failure(buf.page(0));
      const copy = yield* lab.kernel.fork(buf);
      got.push((yield* lab.kernel.get_user_pages(copy, 1, 0)).ret);
    });
    expect(got).toEqual([-EHWPOISON]);
  }
});

describe('a page that somebody keeps is not freed by reclaim', () => {
  test.each(IDS)('%s: it stays in the swap cache, and is the one that comes back', (id) => {
    const seen: unknown[] = [];
    const run = drive(id, page, function* (lab, buf) {
      const kept = yield* lab.kernel.get_user_pages_fast(buf, 1, 0);
      seen.push(yield* lab.kernel.shrink_folio(buf.page(0)));
      for (const one of kept) yield* lab.kernel.put_page(one);
      seen.push((yield* lab.kernel.get_user_pages(buf, 1, FOLL_WRITE))[0]?.name);
    });
    expect(seen).toEqual([false, 'page']);
    // The mapping and the reference; the swap cache's is gone with the write.
    expect(run.count(run.buf.page(0), '_refcount')).toBe(2);
    expect(run.count(run.buf.page(0), 'mapcount')).toBe(1);
  });

  test.each(IDS)('%s: let go by its process, it is free once the keeper puts it', (id) => {
    const run = drive(id, page, function* (lab, buf) {
      const kept = yield* lab.kernel.get_user_pages_fast(buf, 1, 0);
      yield* lab.kernel.shrink_folio(buf.page(0));
      yield* lab.kernel.munmap(buf);
      for (const one of kept) yield* lab.kernel.put_page(one);
    });
    expect(run.count(run.buf.page(0), '_refcount')).toBe(0);
    expect(run.events).toEqual([]);
  });
});

test.each(IDS)('%s: khugepaged leaves alone what is no block of several pages', (id) => {
  const seen: boolean[] = [];
  drive(
    id,
    (lab) => lab.mm.mmapPages(2, { name: 'buf', order: 0 }),
    function* (lab, buf) {
      seen.push(yield* lab.kernel.collapse_huge_page(buf));
    },
  );
  expect(seen).toEqual([false]);
});

test.each(IDS)('%s: going through a list of pages does not come past its ret', (id) => {
  const seen: string[][] = [];
  drive(id, page, function* (lab, buf) {
    seen.push(Object.keys(yield* lab.kernel.get_user_pages_fast(buf, 1, 0)));
  });
  expect(seen.flat()).not.toContain('ret');
});

describe('a page of a file is not invalidated', () => {
  test.each(IDS)('%s: while it is dirty, mapped or referenced, but once it is none of these', (id) => {
    const seen: boolean[] = [];
    const files: MemoryFile[] = [];
    const run = drive(
      id,
      (lab) => {
        const made = lab.mm.file({ name: 'file' });
        files.push(made);
        return lab.mm.mmapFile(made, { name: 'buf', clean: true });
      },
      function* (lab, buf) {
        const cache = buf.page(0);
        const [of] = files;
        if (of === undefined) return;
        yield* lab.kernel.user_write(buf, 1);
        seen.push(yield* lab.kernel.invalidate_page(of, 0));
        yield* lab.kernel.munmap(buf);
        seen.push(yield* lab.kernel.invalidate_page(of, 0));
        yield* lab.kernel.writeback(of, 0);
        yield* lab.kernel.get_page(cache);
        seen.push(yield* lab.kernel.invalidate_page(of, 0));
        yield* lab.kernel.put_page(cache);
        seen.push(yield* lab.kernel.invalidate_page(of, 0));
      },
    );
    expect(seen).toEqual([false, false, false, true]);
    expect(run.events).toEqual([]);
  });
});
