import { describe, expect, it } from 'vitest';
import { Refusal } from '../../main/report/refusal.ts';
import { parseTrace } from '../../main/report/trace-parse.ts';
import { traceText } from '../../main/report/trace-text.ts';
import { PRESENT, TraceBuilder, twoBios, undoRace } from './fixtures.ts';

describe('a trace as text', () => {
  it('has a row a step, effects and events below it, and names at the end', () => {
    const trace = new TraceBuilder()
      .actor('submit')
      .actor('bio A', 'irq')
      .object('buf', 'folio', '', 9)
      .object('buf[1]', 'page', 'buf')
      .object('buf[2]', 'page', 'buf')
      .word('buf', '_refcount', 1)
      .word('buf', 'pmd', PRESENT, 'entry')
      .step('submit', 'ADDU', 'buf._refcount', 1024, '12 pin_user_pages_fast')
      .spawn('bio A')
      .step('bio A', 'XCHG', 'buf.pmd', 0, 'munmap')
      .event('WARN', 'a warning\nin two lines')
      .step('submit', 'CAS', 'buf._refcount', 7, '12 f', 0);
    expect(traceText(trace.build())).toBe(
      [
        'Gupbook trace 1, bias 1024',
        'schedule',
        '  0.1.0',
        'steps',
        '  1 submit  ADDU(+1024) buf._refcount 1 -> 1025 = 1 @0',
        '      * starts "bio A"',
        `  2 "bio A" XCHG        buf.pmd       ${`${PRESENT} -> 0`.padEnd(9)} @1 {buf wd -> none}`,
        '      ! WARN "a warning\\nin two lines"',
        '  3 submit  CAS(7)      buf._refcount 1025      = 0 @2 f',
        'actors',
        '  submit task',
        '  "bio A" irq',
        'objects',
        '  buf folio order 9',
        '  buf[1] x2 page head buf',
        'words',
        '  buf._refcount = 1 int of buf _refcount',
        `  buf.pmd = ${PRESENT} entry of buf pmd`,
        'places',
        '  @0 submit 12:5 > pin_user_pages_fast',
        '  @1 "bio A" 1:5 > munmap',
        '  @2 submit 12:5 > f',
        'end',
        '',
      ].join('\n'),
    );
    expect(parseTrace(traceText(trace.build()))).toEqual(trace.build());
  });

  it.each([
    ['the seed on v5', twoBios('pin-v5')],
    ['the seed on 7.2', twoBios('7.2')],
    ['the undo race at a tail', undoRace(256)],
  ])('%s reads back, also from a text around it', (_, trace) => {
    expect(parseTrace(`notebook: x\nkernel: y\n${traceText(trace)}breaks I4: ...\n`)).toEqual(trace);
  });

  it.each([
    ['no trace', 'hello\n', /there is no trace/],
    ['a trace that is cut off', traceText(undoRace()).replace(/end\n$/, ''), /"end" line is missing/],
    ['an unknown actor', traceText(undoRace()).replace(' 1 pinner', ' 1 nobody'), /an actor expected, found "nobody"/],
    ['an unknown operation', traceText(undoRace()).replace('ADDU(+1024)', 'MUL(2)'), /an operation expected/],
    ['a step out of order', traceText(undoRace()).replace('\n  2 ', '\n  9 '), /step 2 expected/],
    ['a missing section', traceText(undoRace()).replace(/\nplaces\n[\s\S]*\nend/, '\nend'), /no "places"/],
    ['a number that is none', traceText(undoRace()).replace('-> 1025', '-> x'), /a value expected/],
  ])('%s is refused in a sentence that names the line', (_, text, reason) => {
    expect(() => parseTrace(text)).toThrow(reason);
    expect(() => parseTrace(text)).toThrow(Refusal);
  });
});
