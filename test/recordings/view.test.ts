/** What the window shows of a text, from the side that reads it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Desk, NothingFound } from '../../main/recordings/view/desk.ts';
import { folderWith } from '../cli/cli.ts';
import { get, lineOf, PFN, pin, unpin } from './traces/traces.ts';

const desk = new Desk();
afterEach(() => desk.close());

const TRACE = `${[...pin(1), unpin(1)].map(lineOf).join('\n')}\n`;
const DUMP = `page: refcount:1024 mapcount:1 mapping:0 index:0x1 pfn:0x5818
anon flags: 0x20868(uptodate|lru|owner_2|swapbacked|zone=0)
page dumped because: x
nr_foll_pin_acquired 3
nr_foll_pin_released 2
page: refcount:5`;

describe('a desk', () => {
  it('shows the cards of a text, what else is in it and what could not be read', async () => {
    const { cards, others, unread, trace } = await desk.text(DUMP);
    expect(cards).toMatchObject([
      { title: 'pfn 0x5818 (lines 1-3, as 6.9 or later prints it)', odd: [expect.stringContaining('put_page()')] },
    ]);
    expect(others).toEqual(['line 4: 3 pages pinned, 2 unpinned: 1 are pinned']);
    expect(unread).toEqual(['line 6: page: refcount:5']);
    expect(trace).toBeNull();
  });

  it('lays a page of a trace beside a kernel', async () => {
    const { decodedId, trace } = await desk.text(TRACE);
    expect(trace?.pages).toMatchObject([{ pfn: PFN, suspicions: [] }]);
    const page = desk.page(decodedId, PFN, '7.2');
    expect([...page.after]).toEqual([2, 1025, 1]);
    expect([...page.call].map((call) => page.calls[call])).toEqual([
      expect.stringContaining('pin_user_pages_fast()'),
      expect.stringContaining('pin_user_pages_fast()'),
      expect.stringContaining('unpin_user_page()'),
    ]);
    expect(page).toMatchObject({ kernel: '7.2', before: 1, tasks: ['a-1'], odd: [] });
    expect(desk.page(decodedId, PFN, '5.14').odd).toMatchObject([{ row: 2 }]);
    expect(desk.cell(decodedId, PFN, '7.2')).toContain('pin_user_pages_fast(buf, 1, FOLL_WRITE)');
  });

  it('guesses the kernel where none is named', async () => {
    const { decodedId } = await desk.text(TRACE);
    const page = desk.page(decodedId, PFN, null);
    expect(page.guessed).toContain('6.10');
    expect(page.kernel).toBe(page.guessed[0]);
  }, 120_000);

  it('gives a page of 100,000 events whole', async () => {
    const events = Array.from({ length: 100_000 }, (_, i) => lineOf(get(i + 2), i));
    const { decodedId } = await desk.text(`${events.join('\n')}\n`);
    const page = desk.page(decodedId, PFN, '7.2');
    expect(page.after).toHaveLength(100_000);
    expect(page.after.at(-1)).toBe(100_001);
  }, 120_000);

  it('shows what was read of a file when it is stopped', async () => {
    const events = Array.from({ length: 400_000 }, (_, i) => lineOf(get(i + 2), i));
    const folder = folderWith({ 'long.trace': `${events.join('\n')}\n` });
    const stop = new AbortController();
    stop.abort();
    const { decodedId } = await desk.file(join(folder, 'long.trace'), 'long.trace', { stop: stop.signal });
    const read = desk.page(decodedId, PFN, '7.2').after.length;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(400_000);
  }, 120_000);

  it('forgets a text when the next one comes', async () => {
    const first = await desk.text(TRACE);
    await desk.text(TRACE);
    expect(() => desk.page(first.decodedId, PFN, null)).toThrow('no longer open');
  });

  it('reads files, and says in one sentence what is wrong', async () => {
    const folder = folderWith({ poem: 'Roses are red\n' });
    writeFileSync(join(folder, 'trace'), TRACE);
    expect((await desk.file(join(folder, 'trace'), 'trace')).source).toBe('trace');
    await expect(desk.file(join(folder, 'poem'), 'poem')).rejects.toThrow(NothingFound);
    const { decodedId } = await desk.text(TRACE);
    expect(() => desk.page(decodedId, 99, null)).toThrow('the trace has no event of pfn 0x63');
    expect(() => desk.page(decodedId, PFN, '6.11')).toThrow('there is no kernel 6.11');
  });
});
