import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { type KernelRevision, kernelById } from '../../../main/engine/kernels/index.ts';
import { guessKernel, readUnder } from '../../../main/recordings/explain/explain.ts';
import { filesEnding } from '../at-hand.ts';
import { eventsOf, type Scanned, scan, scanText } from '../traces/scan.ts';
import { get, lineOf, PFN, pin, put, unpin, type Written } from '../traces/traces.ts';

// Shapes of all calls of a kernel are made in seconds; the limit is there to end a hang.
vi.setConfig({ testTimeout: 300_000 });

function kernel(id: string): KernelRevision {
  const found = kernelById(id);
  if (found === undefined) throw new Error(`no kernel ${id}`);
  return found;
}

function scanned(events: readonly Written[]): Scanned {
  return scanText(`${events.map(lineOf).join('\n')}\n`);
}

function read(id: string, events: readonly Written[]) {
  const trace = scanned(events);
  return readUnder(kernel(id), eventsOf(trace, PFN), trace);
}

describe('a trace beside a kernel', () => {
  const modern = [...pin(1), unpin(1)];
  const of514 = [...pin(1), { op: 'mod', val: -1023, count: 2 } satisfies Written, put(1)];

  it('is read as calls of that kernel', () => {
    const { calls, odd } = read('6.10', [...modern, get(2)]);
    expect(odd).toEqual([]);
    expect(calls.map(({ rows, complete, endings }) => [rows, complete, endings.map(({ call }) => call)])).toEqual([
      [[0, 1], true, expect.arrayContaining(['pin_user_pages_fast()', 'O_DIRECT read'])],
      [[2], true, expect.arrayContaining(['unpin_user_page()', 'end of O_DIRECT read'])],
      [[3], true, expect.arrayContaining(['get_user_pages_fast()'])],
    ]);
  });

  it('says which event the kernel would not cause, and what it would have done', () => {
    expect(read('7.2', of514).odd).toEqual([{ row: 2, got: 'mod -1023', expected: [], inCall: '' }]);
    expect(read('5.14', of514).odd).toEqual([]);
    expect(read('5.14', modern).odd.map(({ row, got }) => [row, got])).toEqual([[2, 'mod_and_test -1024']]);
    // 5.7 pins in one addition, so that a single reference is no part of a pin, and 1023 are nothing.
    expect(read('5.7', modern).odd.map(({ row, got }) => [row, got])).toEqual([[1, 'mod 1023']]);
  });

  it('says what was expected in the middle of a call', () => {
    const [odd] = read('5.14', [...pin(1), { op: 'mod', val: -1023, count: 2 }, get(3)]).odd;
    expect(odd).toMatchObject({ row: 3, got: 'mod_unless 1 ret=1', expected: ['mod_and_test -1'] });
    expect(odd?.inCall).toMatch(/^unpin|^end of/);
  });

  it('keeps tasks and interrupts apart', () => {
    const [first, second] = pin(1);
    const mixed = [first, get(3, { task: 'b-2' }), second && { ...second, count: 1026 }].filter((one) => one != null);
    expect(read('6.10', mixed).odd).toEqual([]);
  });

  it('knows a number that no function adds', () => {
    const { odd } = read('6.12.117', [get(2), { op: 'mod', val: 3000, count: 3002 }, put(3001)]);
    expect(odd).toMatchObject([{ row: 1, got: 'mod 3000' }]);
  });
});

describe('the kernel of a trace', () => {
  it('is guessed from the form of its events', () => {
    const guess = (events: readonly Written[]): readonly string[] => {
      const trace = scanned(events);
      return guessKernel([eventsOf(trace, PFN)], trace).kernels;
    };
    const named = { flags: 'uptodate|lru|owner_2|swapbacked' };
    expect(guess([...pin(1, named), unpin(1, named)])).toEqual(['7.2', '6.10', '7.2.13', '6.18', '6.12.117']);
    expect(guess([...pin(1), { op: 'mod', val: -1023, count: 2 }, put(1)])).toEqual(['5.14', '5.10.262']);
    const fast = { op: 'mod_unless', val: 1024, ret: 1, count: 1025 } satisfies Written;
    expect(guess([fast, { op: 'mod', val: -1023, count: 2 }, put(1)])).toEqual(['5.11']);
  });

  it('is told with what speaks for it', () => {
    const trace = scanned(pin(1));
    expect(guessKernel([eventsOf(trace, PFN)], trace).evidence.map(({ text }) => text)).toEqual([
      'a fast pin is 1 and then 1023: 5.14 or later, or a stable kernel with c24d37322548',
    ]);
  });
});

/** The samples, and a third of the whole set: each kind of capture is there for some kernel. */
const captures = filesEnding('.trace.txt')
  .map(({ path, name }) => ({ path, name, id: /linux-([\d.]+)\//.exec(name)?.[1] ?? '' }))
  .filter(({ id, path }, i) => id !== '' && (path.includes('samples') || i % 3 === 0));

describe('recordings of real kernels', () => {
  it('are there', () => {
    expect(captures.length).toBeGreaterThan(20);
  });

  it.each(captures.filter(({ name }) => !name.includes('misuse')))('have no odd event: $name', ({ path, id }) => {
    const trace = scan([readFileSync(path)]);
    for (const pfn of new Set(trace.batch.pfn)) {
      expect(readUnder(kernel(id), eventsOf(trace, pfn), trace).odd).toEqual([]);
    }
  });

  it.each(captures.filter(({ name }) => name.includes('misuse')))(
    'show where the test program meddled with the count: $name',
    ({ path, id }) => {
      const trace = scan([readFileSync(path)]);
      for (const pfn of new Set(trace.batch.pfn)) {
        const events = eventsOf(trace, pfn);
        const odd = readUnder(kernel(id), events, trace).odd.map(({ row }) => events.val[row] ?? 0);
        // It adds 3000 references, and takes away at the end what is left.
        for (const val of odd) expect(Math.abs(val)).toBeGreaterThan(1024);
        if (events.val.includes(3000)) expect(odd).toContain(3000);
      }
    },
  );

  it.each(captures.filter(({ name }, i) => !name.includes('misuse') && i % 8 === 0))(
    'are recognised: $name',
    ({ path, id }) => {
      const trace = scan([readFileSync(path)]);
      const pages = [...new Set(trace.batch.pfn)].map((pfn) => eventsOf(trace, pfn));
      if (pages.length === 0) return;
      expect(guessKernel(pages, trace).kernels).toContain(id);
    },
  );
});
