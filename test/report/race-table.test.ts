import { describe, expect, it } from 'vitest';
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { columnsOf } from '../../main/report/columns.ts';
import { raceTable } from '../../main/report/race-table.ts';
import { TraceBuilder, twoBios, undoRace } from './fixtures.ts';

function last(trace: Trace): number {
  return stepCount(trace) - 1;
}

describe('the race table of the seed', () => {
  it('shows the first unpin that makes a pinned page read as not pinned, and underlines it', () => {
    const table = raceTable(twoBios('pin-v5', 1), { failingStep: 6, message: 'not pinned while 511 pins are held' });
    expect(table).toEqual([
      '  CPU0                                      _refcount',
      '  submit                                          buf',
      '  ----                                      ---------',
      '  pin_user_pages_fast()                             1',
      '    gup_huge_pmd()',
      '      user_page_ref_inc(buf)                     1025',
      '  <IRQ: bio0>',
      '    bio_release_pages()',
      '      put_user_page(buf)                            1',
      '      ^^^^^^^^^^^^^^^^^^ not pinned while 511 pins are held',
    ]);
  });

  it('counts 511 unpins instead of printing them and ends at -523263', () => {
    const trace = twoBios('pin-v5');
    const table = raceTable(trace, { failingStep: last(trace), message: 'found -523263' });
    expect(table.length).toBeLessThan(20);
    expect(table).toContain('      put_user_page(buf) x 256                    1 ... -261119');
    expect(table).toContain('      put_user_page(buf) x 255              -262143 ... -522239');
    expect(table).toContain('      put_user_page(buf)                                -523263');
  });

  it('names two counts of one name by their pages', () => {
    const table = raceTable(undoRace(256), { failingStep: 6, message: 'a tail page has a count' }).join('\n');
    expect(table).toMatch(/_refcount +_refcount\n/);
    expect(table).toMatch(/buf\[256\] +buf\n/);
    expect(table).toMatch(/page_ref_sub\(.*-256/);
  });

  it('shows a re-check that fails within the call it belongs to', () => {
    const table = raceTable(undoRace(), { failingStep: 7, message: '513' });
    expect(table.filter((line) => line.includes('gup_huge_pmd()'))).toHaveLength(1);
    expect(table.join('\n')).toMatch(/reads mm\.pmd: buf wd[\s\S]*zap_huge_pmd\(\)[\s\S]*reads mm\.pmd: none/);
  });
});

describe('fitting', () => {
  function wide(actors: number): Trace {
    const names = Array.from({ length: actors }, (_, i) => `a_rather_long_driver_name_${i}`);
    const trace = new TraceBuilder().object('buffer', 'folio', '', 0).word('buffer', '_refcount', 1);
    for (const name of names) trace.actor(name);
    for (const name of names) {
      trace.step(name, 'ADD', 'buffer._refcount', 1024, `${name}_probe_and_pin > ${name}_pin_the_whole_buffer`);
      trace.step(name, 'ADD', 'buffer._refcount', 7, `${name}_probe_and_pin > ${name}_get_one_more`);
    }
    return trace.build();
  }

  it.each([1, 2, 3, 4, 5, 6])('keeps %i CPUs with long names within 72 columns', (actors) => {
    const trace = wide(actors);
    const table = raceTable(trace, { failingStep: last(trace), message: 'a message '.repeat(12) });
    for (const line of table) {
      expect(columnsOf(line)).toBeLessThanOrEqual(72);
      expect(line).toMatch(/^( {2}.*)?$/);
    }
    expect(table.join('\n')).toContain('^^^^');
  });

  it('puts a CPU number on each line where columns would be too narrow', () => {
    const trace = wide(4);
    const table = raceTable(trace, { failingStep: last(trace), message: 'broken' }).join('\n');
    expect(table).toMatch(/^ {2}CPU2 {2}~?a_rather|^ {2}CPU2 {2}~/m);
  });

  it('leaves out what is far from the failure and says how much', () => {
    const trace = new TraceBuilder().actor('a').actor('b').object('p', 'folio', '', 0).word('p', '_refcount', 5);
    for (let i = 0; i < 200; i++) trace.step(i % 2 ? 'a' : 'b', 'ADD', 'p._refcount', i + 1, `call_${i}`);
    const built = trace.build();
    const table = raceTable(built, { failingStep: 150, message: 'here' });
    expect(table.length).toBeLessThan(50);
    expect(table.join('\n')).toMatch(/rows left out\)/);
    expect(table.join('\n')).toContain('call_150(');
  });

  it('strips what no mail may contain from names', () => {
    const trace = new TraceBuilder()
      .actor('a\tb\u202e')
      .object('p\u0007', 'folio', '', 0)
      .word('p\u0007', '_refcount', 1)
      .step('a\tb\u202e', 'ADD', 'p\u0007._refcount', 1, 'f\u200bn')
      .build();
    expect(raceTable(trace, { failingStep: 0, message: 'x\r\ny' }).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
  });
});
