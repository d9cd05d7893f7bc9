/** The race table read back gives the steps of the schedule, however it was fitted. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepCount } from '../../main/engine/trace.ts';
import { planCpus } from '../../main/report/race-cpus.ts';
import { elideRows, foldRows } from '../../main/report/race-fold.ts';
import { type RaceRow, raceRows } from '../../main/report/race-rows.ts';
import { raceTable } from '../../main/report/race-table.ts';
import { shownSteps, stateWords } from '../../main/report/race-words.ts';
import { stepAt } from '../../main/report/steps.ts';
import { valueText } from '../../main/report/values.ts';
import { anyTrace, holds } from './arbitraries.ts';
import { foldedPrefix, type ReadRow, readTable } from './race-parse.ts';

/** Rows kept of a table. */
const ROWS = 60;

/** True where a cell shows the row: whole, without its arguments, with a folded prefix, or cut at its end. */
function shows(read: ReadRow, row: RaceRow, prefix: string): boolean {
  const [, name = read.text, count] = (row.count > 1 ? /^(.*?) ?x (\d+)$/.exec(read.text) : null) ?? [];
  if (row.count > 1 && Number(count) !== row.count) return false;
  // A prefix wider than a line is broken where it is explained, so blanks do not count.
  const bare = (text: string) => text.replace(/\s+/g, '');
  const text = bare(prefix === '' ? name : name.split('~').join(prefix));
  return [bare(row.text), bare(row.short)].some((whole) => {
    if (text === whole || bare(name) === whole) return true;
    return text.endsWith('...') && whole.startsWith(text.slice(0, -3));
  });
}

function sameStates(read: ReadRow, row: RaceRow): boolean {
  // The second state column may have been left out for room.
  return read.states.every((text, w) => {
    const state = row.states[w] ?? null;
    if (state === null) return text === '';
    const { first, last } = state;
    const whole = first === last ? [first] : [`${first} ... ${last}`, `${first}..${last}`];
    return whole.some((value) => text === value || (text.endsWith('...') && value.startsWith(text.slice(0, -3))));
  });
}

it('has a row for every shown step, in order, on its CPU, with the value it left', () => {
  holds(
    fc.tuple(anyTrace, fc.nat()),
    ([trace, at]) => {
      const failingStep = at % stepCount(trace);
      const words = stateWords(trace, { failingStep, message: '' }, 2);
      const { rows } = raceRows(trace, words, failingStep);
      const stepped = rows.filter((row) => row.step !== null);
      expect(stepped.map((row) => row.step)).toEqual([...shownSteps(trace, words, failingStep)].sort((x, y) => x - y));
      // A CPU on which nothing is shown has no column.
      const { cpuOf } = planCpus(trace);
      const home = (step: number | null) => cpuOf[stepAt(trace, step ?? 0).actor] ?? -1;
      const used = [...new Set(stepped.map((row) => home(row.step)))].sort((x, y) => x - y);
      for (const row of stepped) {
        const step = stepAt(trace, row.step ?? 0);
        expect(row.cpu).toBe(used.indexOf(home(row.step)));
        expect(row.failing).toBe(row.step === failingStep);
        words.forEach((word, w) => {
          const value = row.states[w] ?? null;
          if (step.word !== word) expect(value).toBeNull();
          else if (value !== null) expect(value.last).toBe(valueText(trace, word, step.after));
        });
      }
    },
    150,
  );
}, 120_000);

it('reads back to those rows', () => {
  let whole = 0;
  holds(
    fc.tuple(anyTrace, fc.nat()),
    ([trace, at]) => {
      const broken = { failingStep: at % stepCount(trace), message: '' };
      const lines = raceTable(trace, broken, { maxRows: ROWS });
      const read = readTable(lines).filter(({ cpu, text, states }) => cpu >= 0 || text !== '' || states.some(Boolean));
      const prefix = foldedPrefix(lines);
      const words = stateWords(trace, broken, 2);
      const matches = [false, true].some((thin) => {
        const rows = elideRows(foldRows(raceRows(trace, words, broken.failingStep, { thin }).rows), ROWS);
        // The values before the first step stand on a row of their own, or on the first call.
        const own = read.length === rows.length + 1 ? read.slice(1) : read;
        if (own.length !== rows.length) return false;
        return rows.every((row, i) => {
          const one = own[i];
          if (one === undefined || one.cpu !== row.cpu) return false;
          if (row.cpu < 0) return one.text === row.text;
          const initial = i === 0 && own === read;
          return shows(one, row, prefix) && (initial || sameStates(one, row));
        });
      });
      if (!matches) expect({ lines, read }).toBe('a table that reads back to its rows');
      whole++;
    },
    200,
  );
  expect(whole).toBeGreaterThanOrEqual(200);
}, 120_000);
