/** Calls that no kernel could be asked: an error at the author's own line, on whatever kernel. Holes are the kernel's business. */
import { describe, expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab, UserMapping } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import { expect as holds } from '../../../main/engine/observe.ts';
import { R } from '../../../main/engine/step.ts';
import { runOne } from '../lower/script.ts';
import { drive } from './linear.ts';

/** Line 2 is the first of the body. */
const HEAD = "const buf = lab.mm.mmapPage({ name: 'buf' });\nlab.task('t', function* () {\n";

describe('misuse of the interface is an error at the line where it stands', () => {
  test.each([
    ['a page that is none', 'yield* lab.kernel.put_page({ name: "page" });', /put_page\(\)/],
    ['no page at all', 'yield* lab.kernel.unpin_user_page(undefined);', /unpin_user_page\(\)/],
    ['fewer than one page', 'yield* lab.kernel.pin_user_pages(buf, -1, 0);', /wants 1 page or more, got -1/],
    ['half a page', 'yield* lab.kernel.get_user_pages(buf, 0.5, 0);', /wants 1 page or more, got 0.5/],
    ['pages behind the end', 'yield* lab.kernel.pin_user_pages_fast(buf, 2, 0);', /leave buf \(1 pages\)/],
    ['flags that are no number', 'yield* lab.kernel.pin_user_pages_fast(buf, 1, "W");', /wants gup_flags/],
    ['no mapping', 'yield* lab.kernel.munmap(buf.page(0));', /munmap\(\)/],
    ['a negative number of references', 'yield* lab.kernel.try_get_compound_head(buf.page(0), -2);', /of 1 or more/],
  ])('%s', (_, line, message) => {
    const { verdict, error } = runOne(`${HEAD}${line}\n});`);
    expect(verdict).toBe('error');
    expect(error?.message).toMatch(message);
    expect(error?.line).toBe(4);
  });

  test('an actor that is no generator', () => {
    const { verdict, error } = runOne("const buf = lab.mm.mmapPage({ name: 'buf' });\nlab.task('t', () => {});");
    expect(verdict).toBe('error');
    expect(error?.message).toMatch(/must be a generator function/);
    expect(error?.line).toBe(3);
  });
});

describe('a pin that comes to a hole', () => {
  const ids = KERNELS.filter(({ switches }) => switches.follPin).map(({ id }) => id);
  type Make = (lab: Lab) => UserMapping;
  const untouched: Make = (lab) => lab.mm.mmapUntouched(4, { name: 'buf', hole: 2 });
  const present: Make = (lab) => lab.mm.mmapPages(4, { name: 'buf', hole: 2 });
  const pin = (id: string, from: number, wanted: number, make: Make = untouched): void => {
    drive(id, make, function* (lab, buf) {
      const pages = yield* lab.kernel.pin_user_pages_fast(buf.at(from), 4 - from, FOLL_WRITE);
      holds(pages.ret).toBe(wanted);
      for (const page of pages) holds(yield R(page._refcount)).toBe(1025);
    });
  };
  test.each(ids)('%s: takes what is before it, and -EFAULT where nothing is', (id) => {
    pin(id, 0, 2);
    pin(id, 1, 1);
    pin(id, 2, -14);
    expect(() => pin(id, 2, 0)).toThrow('-14');
    pin(id, 0, 2, present);
    pin(id, 2, -14, present);
  });
});
