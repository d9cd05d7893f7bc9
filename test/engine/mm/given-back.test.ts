/** Counts that add up are not enough: nobody gives back what was never taken. */
import { describe, expect, test } from 'vitest';
import { FOLL_WRITE } from '../../../main/engine/flags.ts';
import type { Lab } from '../../../main/engine/interface.ts';
import { failure, run } from '../harness.ts';

const unpinOfReference = (huge: boolean) => (lab: Lab) => {
  const buf = huge ? lab.mm.mmapThp({ order: 2 }) : lab.mm.mmapPage();
  lab.task('driver', function* () {
    const pages = yield* lab.kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
    yield* lab.kernel.unpin_user_pages(pages);
  });
};

const putTwice = (keepers: number) => (lab: Lab) => {
  const buf = lab.mm.mmapPage({ keepers });
  lab.task('driver', function* () {
    const pages = yield* lab.kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);
    for (const page of [...pages, ...pages]) yield* lab.kernel.put_page(page);
  });
};

describe('I2 sees what was given back and never taken', () => {
  test.each([false, true])('unpin of a reference, huge page %s', (huge) => {
    expect(failure(run('7.2', unpinOfReference(huge)), 'I2').message).toContain(
      '1 pin(s) more were given back than were taken',
    );
  });

  test('put_page() once too often, unless it was a keeper that went', () => {
    expect(run('7.2', putTwice(0)).verdict).toBe('fail');
    expect(run('7.2', putTwice(1)).verdict).toBe('pass');
  });
});
