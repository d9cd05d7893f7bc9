/** The library as a whole: what it says of every kernel, what history says, and what it leaves untried. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { JsonResult } from '../../main/cli/json.ts';
import { declaredIn } from '../../main/cli/matrix/declared.ts';
import { matrixPage } from '../../main/cli/matrix/page.ts';
import { BUILTIN_CHECKS } from '../../main/engine/check/builtin.ts';
import { KERNELS } from '../../main/engine/kernels/index.ts';
import type { Verdict } from '../../main/engine/result.ts';
import { cli } from '../cli/cli.ts';
import { historyRows, type Word } from './history.ts';
import { type Shipped, shipped, shippedFiles } from './shipped.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HALF_AN_HOUR = 30 * 60_000;
const IDS = KERNELS.map(({ id }) => id);

let status = -1;
let results: readonly JsonResult[] = [];
let notebooks: readonly Shipped[] = [];

beforeAll(async () => {
  const ran = await cli(['run', 'scenarios', '--kernel', 'all', '--time-limit', '600', '--json', '-'], ROOT);
  expect(ran.err).toBe('');
  status = ran.status;
  results = JSON.parse(ran.out).results;
  notebooks = shippedFiles().map(shipped);
}, HALF_AN_HOUR);

test('every verdict is the expected one, and every pass is of a whole search', () => {
  const where = ({ file, experiment, kernel, verdict }: JsonResult) =>
    `${file} "${experiment}" / ${kernel}: ${verdict}`;
  expect(results.filter(({ asExpected }) => !asExpected).map(where)).toEqual([]);
  expect(results.filter(({ verdict }) => verdict === 'error' || verdict === 'inconclusive').map(where)).toEqual([]);
  expect(results.filter(({ verdict, exhaustive }) => verdict === 'pass' && !exhaustive).map(where)).toEqual([]);
  expect(new Set(results.map(({ kernel }) => kernel)).size).toBe(KERNELS.length);
  expect(status).toBe(0);
});

test('every experiment says what it expects', () => {
  const silent = notebooks.flatMap(({ file, experiments }) =>
    experiments.filter(({ options }) => options.expect === undefined).map(({ name }) => `${file} "${name}"`),
  );
  expect(silent).toEqual([]);
});

test('every row of history is a notebook, and what differs from it is argued there', () => {
  const wrong: string[] = [];
  const rows = historyRows(IDS);
  const seen = new Set<string>();
  for (const { file, experiments } of notebooks) {
    const argued = arguedIn(file);
    const differing = new Set<string>();
    for (const { name, options } of experiments) {
      if (options.bug === undefined) continue;
      const row = rows.get(options.bug);
      if (row === undefined) wrong.push(`${file}: there is no row ${options.bug}`);
      seen.add(options.bug);
      for (const [kernel, word] of row ?? []) {
        const result = results.find(
          (one) => one.file.endsWith(file) && one.experiment === name && one.kernel === kernel,
        );
        const weak = options.arch?.ipiFlush === false;
        if (verdictOf(word, weak) !== (result?.verdict ?? 'not-applicable')) differing.add(`${options.bug}: ${kernel}`);
      }
    }
    for (const cell of differing) if (!argued.has(cell)) wrong.push(`${file} differs without a word at ${cell}`);
    for (const cell of argued)
      if (!differing.has(cell)) wrong.push(`${file} argues about ${cell}, which does not differ`);
  }
  for (const bug of rows.keys()) if (!seen.has(bug)) wrong.push(`no notebook for ${bug}`);
  expect(wrong).toEqual([]);
});

test('every built-in check breaks in some notebook', () => {
  const broken = new Set(results.flatMap(({ failures }) => (failures ?? []).map(({ check }) => check.split(' ')[0])));
  expect(BUILTIN_CHECKS.map(({ id }) => id).filter((id) => !broken.has(id))).toEqual([]);
});

test('scenarios/README.md is what the run says (npm run docs writes it anew)', () => {
  const declared = new Map(notebooks.map(({ file }) => [`scenarios/${file}`, declaredIn(textOf(file), file)]));
  expect(readFileSync(`${ROOT}/scenarios/README.md`, 'utf8')).toContain(matrixPage(results, declared));
});

test('what the notebooks declare is what the engine sees', () => {
  for (const { file, experiments } of notebooks) {
    const seen = experiments.flatMap(({ name, options }) => (options.bug === undefined ? [] : [[name, options.bug]]));
    expect([...declaredIn(textOf(file), file).bugs]).toEqual(seen);
  }
});

function textOf(file: string): string {
  return readFileSync(`${ROOT}/scenarios/${file}`, 'utf8');
}

function verdictOf(word: Word, weak: boolean): Verdict {
  if (word === '-') return 'not-applicable';
  return word === 'B' || (word === 'a' && weak) ? 'fail' : 'pass';
}

/** Cells that a notebook's prose argues about: `S10: 5.7`. */
function arguedIn(file: string): Set<string> {
  const found = textOf(file).matchAll(/\*\*Differs from the fixes' dates \((.+?): (.+?)\):\*\*/g);
  return new Set([...found].flatMap(([, bug, kernels]) => (kernels ?? '').split(' ').map((id) => `${bug}: ${id}`)));
}
