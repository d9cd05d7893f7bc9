import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { kernelById } from '../../../main/engine/kernels/index.ts';
import { cellText } from '../../../main/recordings/to-experiment/cell.ts';
import { historyOf } from '../../../main/recordings/traces/timeline-text.ts';
import { cli, folderWith } from '../../cli/cli.ts';
import { filesEnding } from '../at-hand.ts';
import { eventsOf, type Scanned, scan, scanText } from '../traces/scan.ts';
import { get, lineOf, PFN, pin, put, unpin, type Written } from '../traces/traces.ts';

// The limit is there to end a hang.
vi.setConfig({ testTimeout: 300_000 });

function cellOf(trace: Scanned, pfn: number, id: string): string {
  const kernel = kernelById(id);
  if (kernel === undefined) throw new Error(`no kernel ${id}`);
  const history = historyOf(pfn, eventsOf(trace, pfn), trace);
  return cellText({ history, source: trace, kernel, trace: 'trace.txt' });
}

function written(events: readonly Written[], id = '6.10'): string {
  return cellOf(scanText(`${events.map(lineOf).join('\n')}\n`), PFN, id);
}

/** The code of a cell, without its title and comments on the side. */
function codeOf(cell: string): string[] {
  const lines = cell.split('\n');
  return lines
    .slice(lines.findIndex((line) => line.startsWith('experiment(')) + 1)
    .map((line) => line.replace(/ \/\/ line .*/, ''))
    .filter((line) => line !== '' && line !== '});');
}

describe('a cell made of a trace', () => {
  it('makes the same calls in the same tasks', () => {
    expect(codeOf(written([...pin(1), get(1026, { task: 'b-2' }), put(1025, { task: 'b-2' }), unpin(1)]))).toEqual([
      '  const { kernel, mm } = lab;',
      '  const buf = mm.mmapPage();',
      "  lab.task('a-1', function* () {",
      '    const pin1 = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);',
      '    yield* kernel.unpin_user_pages(pin1);',
      '  });',
      "  lab.task('b-2', function* () {",
      '    const get2 = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);',
      '    for (const page of get2) yield* kernel.put_page(page);',
      '  });',
      "  lab.finally('what was taken is given back', () => expect(page_ref_count(buf)).toBe(1));",
    ]);
  });

  it('lets whoever gives back what another took begin when it can', () => {
    expect(codeOf(written([...pin(1), unpin(1, { task: 'irq-7' })]))).toEqual([
      '  const { kernel, mm } = lab;',
      '  const buf = mm.mmapPage();',
      "  lab.task('a-1', function* () {",
      '    const pin1 = yield* kernel.pin_user_pages_fast(buf, 1, FOLL_WRITE);',
      "    lab.task('irq-7, line 3', function* () {",
      '      yield* kernel.unpin_user_pages(pin1);',
      '    });',
      '  });',
      "  lab.finally('what was taken is given back', () => expect(page_ref_count(buf)).toBe(1));",
    ]);
  });

  it('takes the right parts of a folio, and gives back in as many pieces', () => {
    const large = { flags: 'uptodate|lru|head|swapbacked', mapcount: -1 };
    const code = codeOf(
      written([
        get(257, { val: 256, ...large }),
        get(513, { val: 256, ...large }),
        { op: 'mod_and_test', val: -512, ret: 0, count: 1, ...large },
      ]),
    );
    expect(code.slice(3)).toEqual([
      '    const pin1 = yield* kernel.pin_user_pages_fast(buf, 256, FOLL_WRITE);',
      '    const pin2 = yield* kernel.pin_user_pages_fast(buf.at(256), 256, FOLL_WRITE);',
      '    yield* kernel.unpin_user_pages([...pin1, ...pin2]);',
      '  });',
      "  lab.finally('what was taken is given back', () => expect(page_ref_count(buf)).toBe(1));",
    ]);
  });

  it('keeps the mistake of a trace', () => {
    const code = codeOf(written([get(2), unpin(-1022)]));
    expect(code.slice(3)).toEqual([
      '    const get1 = yield* kernel.get_user_pages_fast(buf, 1, FOLL_WRITE);',
      '    yield* kernel.unpin_user_pages(get1);',
      '  });',
      "  lab.finally('what was taken is given back', () => expect(page_ref_count(buf)).toBe(1));",
    ]);
  });

  it('says what it could not take over', () => {
    const cell = written([{ op: 'mod', val: 3000, count: 3001 }, get(3002), put(3001)]);
    expect(cell).toContain('// line 1: no call of the model does this: mod 3000');
    expect(written(Array.from({ length: 200 }, (_, i) => get(i + 2)))).toContain(
      'more calls of the trace are left out',
    );
  });

  it('is a script whatever tasks and files are called', () => {
    const named = { task: "a'b\\c*/`$x-1" };
    const cell = written([...pin(1, named), unpin(1, named)]);
    expect(cell).toContain("lab.task('a\\'b\\\\c*/`$x-1', function* () {");
    expect(cell.split('\n').every((line) => line.length <= 120)).toBe(true);
  });
});

describe('a cell made of a recording', () => {
  const wanted =
    /two_bios_read_anon_thp$|pin_fast_anon_small_4p$|munmap_while_pinned_anon_small_4p$|lifecycle_anon_thp$/;
  const captures = filesEnding('.trace.txt').filter(
    ({ name, path }) => wanted.test(name) && !path.includes('shared/recordings'),
  );

  it('has something to be made of', () => {
    expect(captures.length).toBeGreaterThan(4);
  });

  it.each(captures)('runs, and no order of its calls goes wrong: $name', async ({ path, name }) => {
    const id = /linux-([\d.]+)\//.exec(name)?.[1] ?? '';
    const trace = scan([readFileSync(path)]);
    const cell = cellOf(trace, trace.batch.pfn[0] ?? 0, id);
    const folder = folderWith({ 'recorded.lab.ts': `/// <reference types="gupbook" />\n\n${cell}` });
    const { status, out, err } = await cli(['run', 'recorded.lab.ts', '--kernel', id, '--json', '-'], folder);
    expect(err).toBe('');
    const found: unknown = JSON.parse(out);
    expect({ status, found }).toMatchObject({ status: 0, found: { results: [{ kernel: id, verdict: 'pass' }] } });
  });

  it('of a mistake shows the mistake', async () => {
    const cell = written([get(2), unpin(-1022)]);
    const folder = folderWith({ 'recorded.lab.ts': `/// <reference types="gupbook" />\n\n${cell}` });
    const { out } = await cli(['run', 'recorded.lab.ts', '--json', '-'], folder);
    const found: unknown = JSON.parse(out);
    expect(found).toMatchObject({ results: [{ verdict: 'fail' }] });
  });
});
