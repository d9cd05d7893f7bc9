import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { COLUMNS } from '../../../main/recordings/traces/event-batch.ts';
import { fileSource, importTrace, type TraceSource } from '../../../main/recordings/traces/import-trace.ts';
import { IndexError, TraceIndex } from '../../../main/recordings/traces/index-reader.ts';
import '../seed.ts';
import { eventsOf, scanText } from './scan.ts';
import { get, lineOf, put, unpin, type Written } from './traces.ts';

function sourceOf(text: string, piece = 1000): TraceSource {
  const bytes = new TextEncoder().encode(text);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < bytes.length; from += piece) yield bytes.slice(from, from + piece);
  }
  return { name: 'a trace', total: bytes.length, bytes: pieces() };
}

async function indexOf(text: string): Promise<TraceIndex> {
  const index = await importTrace(sourceOf(text), { index: ':memory:' });
  onTestFinished(() => index.close());
  return index;
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'gupbook-index-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A line about page `pfn`. */
function at(pfn: number, event: Written, i: number): string {
  return lineOf(event, i).replace('pfn=0x1234', `pfn=0x${pfn.toString(16)}`);
}

describe('an index', () => {
  it('gives the events of each page in their order, whatever came between', async () => {
    const pages = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(pages, async (pfns) => {
        const text = `${pfns.map((pfn, i) => at(pfn * 977, get(i), i)).join('\n')}\n`;
        const scanned = scanText(text);
        const index = await importTrace(sourceOf(text), { index: ':memory:' });
        for (const pfn of new Set(pfns)) {
          const [ours, theirs] = [index.events(pfn * 977), eventsOf(scanned, pfn * 977)];
          for (const name of COLUMNS) expect([name, ...ours[name]]).toEqual([name, ...theirs[name]]);
        }
        expect(index.pageCount()).toBe(new Set(pfns).size);
        expect(index.about().tally).toEqual(scanned.tally);
        index.close();
      }),
      { numRuns: 30 },
    );
  });

  it('sums each page up, and names the suspect ones first', async () => {
    const lines = [
      at(1, get(2), 0),
      at(2, get(2), 1),
      at(1, put(1), 2),
      at(3, unpin(-1022), 3),
      at(2, get(3), 4),
      'CPU:0 [LOST 3 EVENTS]',
      'a-1 [000] ..... 9.000000: tracing_mark_write: halfway',
      at(4, put(0), 5),
    ];
    const index = await indexOf(`${lines.join('\n')}\n`);
    expect(index.pages('suspicion', 10).map(({ pfn }) => pfn)).toEqual([3, 2, 4, 1]);
    expect(index.page(2)).toEqual({
      pfn: 2,
      events: 2,
      firstLine: 2,
      lastLine: 5,
      firstTime: 2e9,
      lastTime: 5e9,
      before: 1,
      after: 3,
      low: 2,
      high: 3,
      gaps: 0,
      strange: 0,
    });
    expect(index.page(99)).toBeNull();
    expect(index.events(99).length).toBe(0);
    expect(index.markers()).toMatchObject([{ line: 7, event: 5, text: 'halfway' }]);
    expect(index.lost()).toEqual([{ line: 6, event: 5, lost: 3, cpu: 0 }]);
    expect(index.task(index.events(1).task[0] ?? 0)).toBe('a-1');
  });

  it('is a file that can be opened again', async () => {
    const path = join(folder(), 'index');
    const text = `${[get(2), put(1)].map(lineOf).join('\n')}\n`;
    (await importTrace(sourceOf(text), { index: path })).close();
    const again = TraceIndex.open(path);
    expect(again.about()).toMatchObject({ source: 'a trace', tally: { events: 2 }, endedMidLine: false });
    expect(again.events(0x1234).length).toBe(2);
    again.close();
  });

  it('is not mistaken for something else', () => {
    const path = join(folder(), 'index');
    expect(() => TraceIndex.open(path)).toThrow(IndexError);
    writeFileSync(path, 'no index at all, but long enough to have been one, if it were one'.repeat(20));
    expect(() => TraceIndex.open(path)).toThrow('it is no index of a trace, or a damaged one');
  });

  it('tells how far it is', async () => {
    const path = join(folder(), 'trace');
    writeFileSync(path, `${lineOf(get(2), 0)}\n`);
    const source = await fileSource(path, 'trace.txt');
    expect(source.total).toBeGreaterThan(100);
    const index = await importTrace(source, { index: ':memory:' });
    expect(index.about().source).toBe('trace.txt');
    index.close();
  });

  it('is not made of a binary, and leaves no file then', async () => {
    const path = join(folder(), 'index');
    const binary = sourceOf('\x17\x08\x44tracing6\x00');
    await expect(importTrace(binary, { index: path })).rejects.toThrow('"trace-cmd report"');
    expect(() => TraceIndex.open(path)).toThrow('cannot open it');
  });

  it('is made of nothing, too', async () => {
    const index = await indexOf('');
    expect(index.pageCount()).toBe(0);
    expect(index.about().tally).toMatchObject({ lines: 0, events: 0 });
  });
});
