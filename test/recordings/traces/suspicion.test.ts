import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { accountsOf } from '../../../main/recordings/traces/suspicion.ts';
import { timelineOf } from '../../../main/recordings/traces/timeline.ts';
import { filesEnding } from '../at-hand.ts';
import { eventsOf, scan } from './scan.ts';
import { type Examined, examine, get, pin, put, unpin } from './traces.ts';

const UNMAPPED = { mapcount: -1 };
const LARGE = { flags: 'uptodate|lru|head|swapbacked', mapcount: -1 };

/** `kind: events` of everything suspected; events count from 1. */
function suspected({ accounts }: Examined): string[] {
  return accounts
    .flatMap(({ suspicions }) => suspicions)
    .map(({ kind, certainty, rows }) => `${kind} (${certainty}): ${rows.map((row) => row + 1)}`);
}

/** `taken by event -> given back by event: amount`. */
function paired({ accounts }: Examined): string[] {
  const lineOf = (row = Number.NaN): number => row + 1;
  return accounts.flatMap(({ moves, pairing }) =>
    pairing.pairs.map(
      ({ take, release, amount }) => `${lineOf(moves[take]?.row)} -> ${lineOf(moves[release]?.row)}: ${amount}`,
    ),
  );
}

describe('what was taken and given back', () => {
  it('is paired by kind: the unpin gives back the pin, the put the reference', () => {
    const examined = examine([...pin(1), get(1026), unpin(2), put(1)]);
    expect(paired(examined)).toEqual(['1 -> 4: 1024', '3 -> 5: 1']);
    expect(suspected(examined)).toEqual([]);
  });

  it('is paired by task', () => {
    const examined = examine([
      get(2, { task: 'a-1' }),
      get(3, { task: 'b-2' }),
      put(2, { task: 'a-1' }),
      put(1, { task: 'b-2' }),
    ]);
    expect(paired(examined)).toEqual(['1 -> 3: 1', '2 -> 4: 1']);
  });

  it('is paired though a request gives back in one piece what it took in three', () => {
    const take = (val: number, count: number) => get(count, { val, ...LARGE });
    const examined = examine([
      take(256, 257),
      take(255, 512),
      take(1, 513),
      { op: 'mod_and_test', val: -512, ret: 0, count: 1, ...LARGE },
    ]);
    expect(paired(examined).sort()).toEqual(['1 -> 4: 256', '2 -> 4: 255', '3 -> 4: 1']);
    expect(suspected(examined)).toEqual([]);
  });

  it('is paired in the two halves of 5.14: 1 and 1023 up, 1023 and 1 down', () => {
    const examined = examine([...pin(1), { op: 'mod', val: -1023, count: 2 }, put(1)]);
    expect(paired(examined)).toEqual(['1 -> 3: 1024']);
  });

  it('is told apart by stacks where amounts do not tell', () => {
    const pinned = { ...LARGE, stack: ['try_grab_folio', 'pin_user_pages_fast', 'gup_test_ioctl'] };
    const got = { ...LARGE, stack: ['try_grab_folio', 'get_user_pages_fast', 'gup_test_ioctl'] };
    const unpinned = { ...LARGE, stack: ['folio_put_refs', 'gup_put_folio', 'unpin_user_pages', 'gup_test_ioctl'] };
    const given = { ...LARGE, stack: ['folio_put', 'gup_test_ioctl'] };
    const examined = examine([get(2, pinned), get(3, got), put(2, unpinned), put(1, given)]);
    expect(paired(examined)).toEqual(['1 -> 3: 1', '2 -> 4: 1']);
    const mixed = examine([get(2, pinned), put(1, given), put(0, UNMAPPED)]);
    expect(mixed.accounts[0]?.moves[0]?.role).toEqual({
      role: 'pin',
      symbol: 'pin_user_pages_fast',
      caller: 'gup_test_ioctl',
    });
  });

  it('goes against what was there before the trace, as long as there is something', () => {
    const examined = examine([put(1), put(0, UNMAPPED)]);
    expect(examined.accounts[0]?.pairing).toMatchObject({
      loose: [
        { release: 0, amount: 1, prior: true },
        { release: 1, amount: 1, prior: true },
      ],
      prior: 0,
    });
    expect(suspected(examined)).toEqual([]);
  });
});

describe('what is suspected', () => {
  it('is a pin that was given back with put_page()', () => {
    // Mapped once, pinned, put, unmapped: 1023 are left of the pin, and nothing maps the page.
    const examined = examine([...pin(1), put(1024), put(1023, UNMAPPED)]);
    expect(suspected(examined)).toEqual(['mixed release (likely): 4,1', 'leak (likely): 1']);
    expect(examined.accounts[0]?.suspicions[1]?.text).toBe(
      '1023 references of line 1 (a-1: page_ref_mod_unless val=1) are left of a pin: part of it was given back with put_page()',
    );
  });

  it('is a plain reference that was given back with unpin_user_page()', () => {
    const examined = examine([get(2), unpin(-1022)]);
    expect(suspected(examined)).toEqual([
      'underflow (certain): 2',
      'double release (likely): 2',
      'mixed release (likely): 2,1',
    ]);
    expect(examined.accounts[0]?.suspicions[0]?.text).toBe(
      'line 2 (a-1: page_ref_mod_and_test val=-1024) took the count to -1022: more was given back than taken',
    );
  });

  it('is a pin still out when nothing maps the page any more', () => {
    const examined = examine([...pin(1), put(1024, UNMAPPED)]);
    expect(suspected(examined)).toEqual(['leak (possible): 1']);
  });

  it('is less where the page is mapped: a trace ends somewhere', () => {
    expect(suspected(examine([...pin(1)]))).toEqual(['still held (possible): 1']);
  });

  it('is a page that was freed under somebody', () => {
    const examined = examine([
      { op: 'set', val: 1, count: 1, flags: 'none' },
      get(2, { task: 'dma-7' }),
      put(1, { task: 'b-2' }),
      put(0, { task: 'b-2', ...UNMAPPED }),
      put(-1, { task: 'dma-7', ...UNMAPPED }),
    ]);
    expect(suspected(examined)).toEqual(['underflow (certain): 5', 'double release (likely): 5']);
  });

  it('is nothing where somebody froze the page: it has accounted for all references', () => {
    const examined = examine([
      get(2),
      get(3),
      { op: 'freeze', val: 3, ret: 1, count: 0 },
      { op: 'unfreeze', val: 2, count: 2 },
      put(1),
      put(0),
    ]);
    expect(suspected(examined)).toEqual([]);
  });

  it('is summed up where it is many of a kind', () => {
    const examined = examine(Array.from({ length: 20 }, (_, i) => get(i + 2)));
    const all = examined.accounts[0]?.suspicions ?? [];
    expect(all).toHaveLength(5);
    expect(all.at(-1)?.text).toContain('; and 15 more like it');
  });
});

describe('when page_maybe_dma_pinned() is wrong', () => {
  it('is while plain references alone reach 1024', () => {
    const { windows } = examine([get(1023), get(1024), get(1025), put(1024), put(1023), put(1022)]);
    expect(windows).toEqual([{ kind: 'false positive', from: 1, to: 4, peak: 1025 }]);
  });

  it('is between the two halves of a fast pin', () => {
    const { windows } = examine([...pin(1), unpin(1)]);
    expect(windows).toEqual([{ kind: 'not yet', from: 0, to: 1, peak: 2 }]);
  });

  it('is never for a large folio, which has a pincount', () => {
    expect(examine([{ op: 'mod', val: 3000, count: 3001, ...LARGE }]).windows).toEqual([]);
  });
});

describe('recordings of kernels that did nothing wrong', () => {
  const captures = filesEnding('.trace.txt').filter(({ name }) => !name.includes('misuse'));

  it.each(captures)('raise no certain suspicion: $name', ({ path }) => {
    const trace = scan([readFileSync(path)]);
    const wrong = [...new Set(trace.batch.pfn)].flatMap((pfn) => {
      const timeline = timelineOf(pfn, eventsOf(trace, pfn));
      return accountsOf(timeline, trace).flatMap(({ suspicions }) =>
        suspicions.filter(({ kind }) => kind !== 'still held' && kind !== 'leak').map(({ text }) => text),
      );
    });
    expect(wrong).toEqual([]);
  });
});
