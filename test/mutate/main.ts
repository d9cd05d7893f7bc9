/**
 * The program with all mutants in it. First every test runs without any, and tells which mutants it comes past. Then
 * each mutant is switched on, and the tests that come past it run, quickest first, until one fails.
 *
 *     main.js [--shard K/N] [--sample N --seed S] [--quick] [--only TEXT] [--again FILE] [--after N]
 *
 * `--quick` leaves out the tests that search; `--again` takes those that survived in an earlier run, whose output the file
 * is. One line of JSON for each mutant goes to standard output when it is begun and when it is done.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import list from 'virtual:mutants';
import { allCollected, type CollectedTest } from './collector.ts';
import { limitFor, searches } from './limited-run.ts';
import type { Mutant } from './mutant.ts';
import { sampleOf } from './sample.ts';
import { overhear, switchFlips } from './switch-flips.ts';
import { GoesOn, listen, withMutant } from './switchboard.ts';
import './tests.ts';

/** What became of a mutant. `by`: the test that caught it. */
export interface Outcome {
  readonly mutant: Mutant;
  readonly outcome: 'caught' | 'goes on' | 'survived' | 'not reached';
  readonly by: string | null;
  readonly tests: number;
}

interface Known {
  readonly test: CollectedTest;
  readonly passed: ReadonlySet<number>;
  readonly asked: number;
  readonly states: number;
  readonly milliseconds: number;
}

const FUEL_TIMES = 10;
const SOME_FUEL = 100_000;

const { values } = parseArgs({
  options: {
    shard: { type: 'string', default: '1/1' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    after: { type: 'string', default: '0' },
    only: { type: 'string' },
    again: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Runs a test without mutants. @throws Error when it fails */
async function learn(test: CollectedTest): Promise<Known> {
  searches.seen = 0;
  const begun = performance.now();
  const { passed, asked } = await listen(test.run).catch((error: unknown) => {
    throw new Error(`without any mutant "${test.name}" fails: ${String(error)}`);
  });
  return { test, passed, asked, states: searches.seen, milliseconds: performance.now() - begun };
}

/** Why a test fails with a mutant; null when it passes. */
async function failure(known: Known, id: number): Promise<'caught' | 'goes on' | null> {
  searches.most = limitFor(known.states);
  try {
    await withMutant(id, known.asked * FUEL_TIMES + SOME_FUEL, known.test.run);
    return null;
  } catch (error) {
    return error instanceof GoesOn ? 'goes on' : 'caught';
  } finally {
    searches.most = Number.POSITIVE_INFINITY;
  }
}

async function judge(mutant: Mutant, known: readonly Known[]): Promise<Outcome> {
  for (const [n, one] of known.entries()) {
    const outcome = await failure(one, mutant.id);
    if (outcome !== null) return { mutant, outcome, by: one.test.name, tests: n + 1 };
  }
  return { mutant, outcome: known.length === 0 ? 'not reached' : 'survived', by: null, tests: known.length };
}

/** Mutants that got past the tests in an earlier run, whose output this is. */
function survivorsIn(output: string): ReadonlySet<string> {
  const missed = output.split('\n').filter((line) => /"outcome":"(survived|not reached)"/.test(line));
  return new Set(missed.map((line) => String(JSON.parse(line).mutant.key)));
}

const flips = switchFlips(list.length + 1);
const tests = (await allCollected()).filter(({ slow }) => !(slow && values.quick));
const known: Known[] = [];
await overhear(flips, async () => {
  for (const test of tests) known.push(await learn(test));
});
known.sort((a, b) => a.milliseconds - b.milliseconds);
say({ tests: known.length, seconds: known.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000 });

const all = [...list, ...flips.map(({ mutant }) => mutant)];
const survivors = values.again === undefined ? null : survivorsIn(readFileSync(values.again, 'utf8'));
const [part = 1, parts = 1] = values.shard.split('/').map(Number);
const chosen = sampleOf(all, values.sample === undefined ? all.length : Number(values.sample), Number(values.seed));
for (const [i, mutant] of chosen.entries()) {
  if (i % parts !== part - 1 || i <= Number(values.after) - 1) continue;
  if (values.only !== undefined && !mutant.key.includes(values.only)) continue;
  if (survivors !== null && !survivors.has(mutant.key)) continue;
  say({ begun: i + 1, mutant });
  const flip = flips[mutant.id - list.length - 1];
  const undo = flip?.make();
  say(
    await judge(
      mutant,
      known.filter(({ passed }) => passed.has(mutant.id)),
    ),
  );
  undo?.();
}
