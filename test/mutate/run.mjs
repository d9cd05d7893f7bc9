// npm run mutate [-- OPTIONS]: builds the engine with its mutants, sees which ones the tests catch, and tells the share.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { run } from '../../main/setup/run.mjs';
import { main, SetupError, say } from '../../main/setup/say.mjs';
import { setUpForNode } from '../../main/setup/setup.mjs';

/**
 * @typedef {{ id: number, file: string, line: number, mistake: string, text: string, key: string }} Mutant
 * @typedef {{ mutant: Mutant, outcome: 'caught' | 'goes on' | 'crashed' | 'survived' | 'not reached', by: string | null }} Outcome
 */

const HELP = `Usage: npm run mutate [-- OPTIONS]

Makes small mistakes in main/engine/mm and in the switch tables of main/engine/kernels, one at a time, and tells the
share that the tests catch. Exit status 1 when that is less than --least.

  --sample N    only N of the mutants, drawn by --seed S (1)
  --quick       only tests that follow one order of steps
  --only TEXT   only mutants whose name contains this, such as fork.ts: or 7.2:
  --again FILE  only those that survived in an earlier run, whose --out the file is
  --out FILE    what became of each mutant, a line of JSON each
  --jobs N      processes (all processors)
  --least P     per cent that must be caught (90)
  --json        a line of JSON instead of text`;

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'test-artefacts/mutate/main.js');
const LISTED = join(import.meta.dirname, 'equivalent.txt');

await main(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      again: { type: 'string' },
      out: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      least: { type: 'string', default: '90' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  // A test that runs this has set up long ago.
  if (process.env.VITEST === undefined) await setUpForNode();
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const built = await run(process.execPath, [vite, 'build', '--config', join(import.meta.dirname, 'vite.config.ts')]);
  if (built !== 0) throw new SetupError('the engine could not be built with its mutants');
  const args = ['--seed', values.seed];
  for (const name of /** @type {const} */ (['sample', 'only', 'again'])) {
    const value = values[name];
    if (value !== undefined) args.push(`--${name}`, name === 'again' ? resolve(value) : value);
  }
  if (values.quick) args.push('--quick');
  const jobs = Math.max(1, Number(values.jobs));
  const outcomes = (await Promise.all(Array.from({ length: jobs }, (_, k) => shard(k + 1, jobs, args)))).flat();
  outcomes.sort((a, b) => a.mutant.id - b.mutant.id);
  if (values.out !== undefined) writeFileSync(values.out, outcomes.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return report(outcomes, Number(values.least), values.json, values.sample === undefined && values.only === undefined);
});

/**
 * One process's part. A process that a mutant brings down is started again behind it.
 *
 * @param {number} k
 * @param {number} jobs
 * @param {readonly string[]} args
 * @returns {Promise<Outcome[]>}
 */
async function shard(k, jobs, args) {
  /** @type {Outcome[]} */
  const outcomes = [];
  let after = 0;
  for (;;) {
    /** @type {{ n: number, mutant: Mutant } | null} */
    let begun = null;
    let errors = '';
    let started = false;
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=2048', program, '--shard', `${k}/${jobs}`, '--after', String(after), ...args],
      { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, GUPBOOK_SEED: '1', GUPBOOK_SHRINK: '0' } },
    );
    child.stderr.on('data', (text) => {
      errors = `${errors}${text}`.slice(-4000);
    });
    const ended = new Promise((done) => child.once('close', done));
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      const said = JSON.parse(line);
      if ('tests' in said && !('mutant' in said)) {
        started = true;
        say(`${said.tests} tests take ${Math.round(said.seconds)} s without mutants`);
      } else if ('begun' in said) begun = { n: said.begun, mutant: said.mutant };
      else {
        outcomes.push(said);
        begun = null;
        if (outcomes.length % 200 === 0) say(`${k}/${jobs}: ${outcomes.length} mutants`);
      }
    }
    const status = await ended;
    if (status === 0) return outcomes;
    if (!started || begun === null) throw new SetupError(`the tests do not pass without mutants: ${errors}`);
    outcomes.push({ mutant: begun.mutant, outcome: 'crashed', by: null });
    after = begun.n;
  }
}

/**
 * Mutants that are listed as changing nothing, with the reason.
 *
 * @returns {Map<string, string>}
 */
function listed() {
  const reasons = new Map();
  if (!existsSync(LISTED)) return reasons;
  let reason = '';
  for (const line of readFileSync(LISTED, 'utf8').split('\n')) {
    if (line.startsWith('# ')) reason = line.slice(2);
    else if (line.trim() !== '') reasons.set(line, reason);
  }
  return reasons;
}

/**
 * @param {readonly Outcome[]} outcomes
 * @param {number} least
 * @param {boolean} json
 * @param {boolean} all every mutant was looked at
 */
function report(outcomes, least, json, all) {
  const same = listed();
  const missed = (/** @type {Outcome} */ { outcome }) => outcome === 'survived' || outcome === 'not reached';
  const equivalent = outcomes.filter((one) => missed(one) && same.has(one.mutant.key));
  const survivors = outcomes.filter((one) => missed(one) && !same.has(one.mutant.key));
  const caught = outcomes.filter((one) => !missed(one));
  const wrong = caught.filter(({ mutant }) => same.has(mutant.key)).map(({ mutant }) => mutant.key);
  const keys = new Set(outcomes.map(({ mutant }) => mutant.key));
  if (all) wrong.push(...[...same.keys()].filter((key) => !keys.has(key)));
  const counted = outcomes.length - equivalent.length;
  const share = counted === 0 ? 100 : (100 * caught.length) / counted;
  const goOn = caught.filter(({ outcome }) => outcome === 'goes on').length;
  if (json) {
    const figures = { mutants: outcomes.length, caught: caught.length, goOn, equivalent: equivalent.length, share };
    process.stdout.write(`${JSON.stringify({ ...figures, survivors: survivors.map(({ mutant }) => mutant.key) })}\n`);
  } else {
    for (const { mutant, outcome } of survivors) {
      process.stdout.write(`${outcome}: ${mutant.file}:${mutant.line} ${mutant.mistake}: ${mutant.text}\n`);
    }
    process.stdout.write(
      `${share.toFixed(1)} % of the mutants are caught: ${caught.length} of ${counted} (${goOn} of them because they ` +
        `go on without end); ${equivalent.length} more change nothing, see test/mutate/equivalent.txt\n`,
    );
  }
  for (const key of wrong) say(`equivalent.txt lists what is caught, or is no mutant any more: ${key}`);
  return share >= least && wrong.length === 0 ? 0 : 1;
}
