import { describe, expect, it } from 'vitest';
import { ENTRY_DIRTY, ENTRY_WRITE, entryFor } from '../../main/engine/flags.ts';
import { MARK_ABA, Op, StepColumn } from '../../main/engine/trace.ts';
import { nextChange, previousChange } from '../../renderer/interleaving/jumps.ts';
import { lanesOf, lanesSentence } from '../../renderer/interleaving/lanes.ts';
import { RowKind, Rows } from '../../renderer/interleaving/rows.ts';
import { actorOf, authorPosition, effectText, isAba, operationText } from '../../renderer/interleaving/steps.ts';
import { interleavingText } from '../../renderer/interleaving/text.ts';
import { reveal, rowWindow } from '../../renderer/interleaving/window.ts';
import { HELD, PMD, PTL, REFCOUNT, randomTrace, trace, unpinTwice } from './traces.ts';

describe('a step in words', () => {
  const step = (change: Partial<Parameters<typeof trace>[0]['steps'][number]>) =>
    trace({ steps: [{ op: Op.R, word: REFCOUNT, before: 1, after: 1, ...change }] });

  it('is the operation in the notation of the tables', () => {
    const entry = entryFor(0, ENTRY_WRITE | ENTRY_DIRTY);
    expect(operationText(step({}), 0)).toBe('R buf._refcount');
    expect(operationText(step({ op: Op.ADDU, a: 1024 }), 0)).toBe('ADDU buf._refcount, 1024');
    expect(operationText(step({ op: Op.CAS, a: 1, b: 0 }), 0)).toBe('CAS buf._refcount, 1 -> 0');
    expect(operationText(step({ op: Op.WAIT, a: 0, b: 1 }), 0)).toBe('WAIT buf._refcount != 0');
    expect(operationText(step({ op: Op.CHOOSE, word: -1, a: 3, result: 2 }), 0)).toBe('CHOOSE(3) = 2');
    expect(operationText(step({ op: Op.W, word: PMD, a: entry, after: entry }), 0)).toBe('W buf.pmd, buf write dirty');
  });

  it('says what it changed, what it read, and that it was refused', () => {
    expect(effectText(step({ op: Op.ADD, a: 1, after: 2 }), 0)).toBe('1 -> 2');
    expect(effectText(step({}), 0)).toBe('= 1');
    expect(effectText(step({ op: Op.ADDU, a: 1, before: 0, after: 0 }), 0)).toBe('0 refused');
    expect(effectText(step({ op: Op.CAS, a: 5, b: 6 }), 0)).toBe('1 failed');
    expect(effectText(step({ op: Op.LK, word: PTL, before: 0, after: 1 }), 0)).toBe('');
  });

  it('knows a compare that passed although the word had changed', () => {
    const aba = step({ op: Op.CAS });
    expect(isAba(aba, 0)).toBe(false);
    aba.steps[StepColumn.marks] = MARK_ABA;
    expect(isAba(aba, 0)).toBe(true);
  });

  it("has the author's line where the author made it", () => {
    expect(authorPosition(unpinTwice(), 0)).toEqual({ line: 3, column: 5 });
    const own = trace({ steps: [{ op: Op.R, word: REFCOUNT, before: 1, after: 1 }], places: [{ frames: [] }] });
    expect(authorPosition(own, 0)).toBeNull();
  });
});

describe('the rows', () => {
  it('are one a step, a row for each call that begins, and a row for each event', () => {
    const rows = new Rows(unpinTwice());
    const kinds = Array.from({ length: rows.count }, (_, row) => rows.at(row).kind);
    const { call, step, event } = RowKind;
    expect(kinds).toEqual([call, step, call, step, event, step]);
    expect([0, 1, 2].map((i) => rows.rowOf(i))).toEqual([1, 3, 5]);
  });

  it('of a long trace are as many as its steps and never more in view than the window', () => {
    const rows = new Rows(randomTrace(100_000, (below) => (below > 1 ? 1 : 0)));
    expect(rows.count).toBe(100_000);
    for (const top of [0, 999_999, 1_999_000]) {
      const { from, to, above, below } = rowWindow(rows.count, 20, top, 600);
      expect(to - from).toBeLessThanOrEqual(100);
      expect(above + below + (to - from) * 20).toBe(rows.count * 20);
      expect(from * 20).toBeLessThanOrEqual(top);
      expect(to * 20).toBeGreaterThanOrEqual(Math.min(top + 600, rows.count * 20));
    }
  });

  it('scroll no further than the cursor needs', () => {
    expect(reveal(10, 20, 100, 400)).toBe(100);
    expect(reveal(0, 20, 100, 400)).toBe(0);
    expect(reveal(50, 20, 100, 400)).toBe(53 * 20 - 400);
  });
});

describe('the stepping keys', () => {
  it('jump to steps that change a page, and to the ends where there is none', () => {
    const shown = trace({
      steps: [
        { op: Op.R, word: REFCOUNT, before: 1, after: 1 },
        { op: Op.ADD, word: REFCOUNT, a: 1, before: 1, after: 2 },
        { op: Op.LK, word: PTL, before: 0, after: 1 },
        { op: Op.R, word: PMD, before: 0, after: 0 },
      ],
    });
    expect(nextChange(shown, -1)).toBe(1);
    expect(nextChange(shown, 1)).toBe(3);
    expect(previousChange(shown, 3)).toBe(1);
    expect(previousChange(shown, 1)).toBe(-1);
  });
});

describe('the table as text', () => {
  it('has a column per actor, the change at the right and the failing step marked', () => {
    expect(interleavingText(unpinTwice(), 2)).toBe(
      [
        '  #    submit                bio A',
        '       pin_user_pages_fast()',
        '  1      ADDU buf._refcount, 1024                              1 -> 1025',
        '                             unpin_user_page()',
        '  2                            SUBT buf._refcount, 1024        1025 -> 1',
        '                             page_ref_sub_and_test(): below what is put',
        '  3                            SUBT buf._refcount, 1024   1 -> -1023  !!',
        '',
      ].join('\n'),
    );
  });

  it('fits a mail whatever the names: 72 columns, ASCII, no tab, no trailing blank', () => {
    const actors = ['a task with a long name', 'bio A', 'bio B', 'reclaim', 'munmap'];
    const steps = actors.map((_, actor) => ({
      actor,
      op: Op.ADD,
      word: HELD,
      a: 1,
      before: -2147483648,
      after: -2147483647,
    }));
    for (const shown of [trace({ steps, actors }), unpinTwice()]) {
      for (const line of interleavingText(shown, 1).split('\n')) {
        expect(line.length).toBeLessThanOrEqual(72);
        expect(line).toMatch(/^[\x20-\x7e]*$/);
        expect(line).toBe(line.trimEnd());
      }
    }
  });
});

describe('the lanes', () => {
  it('hold each step of an actor in one of its stretches, and few of them', () => {
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const long = randomTrace(5000, random);
    const lanes = lanesOf(long, 600);
    for (let step = 0; step < 5000; step++) {
      const stretches = lanes[actorOf(long, step)] ?? [];
      const middle = (step + 0.5) / 5000;
      expect(stretches.some(({ from, to }) => from <= middle && middle <= to)).toBe(true);
    }
    for (const stretches of lanes) expect(stretches.length).toBeLessThanOrEqual(600);
    expect(lanesSentence(unpinTwice())).toMatch(/^\w+.* \d+ steps?/);
  });
});
