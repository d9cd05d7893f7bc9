// npm test [-- FILTER...]: types, lint, unit tests, the real application. All stages run; the last line counts.
import { describeElectron } from './electron.mjs';
import { ensureJudges } from './judges.mjs';
import { main, SetupError, say } from './say.mjs';
import { setUpForElectron } from './setup.mjs';
import { app, lint, types, unit } from './stages.mjs';
import { single, summary } from './tally.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

await main(async () => {
  const filters = process.argv.slice(2);
  /** @type {[string, () => Promise<Tally>][]} */
  const stages = [
    ['types', types],
    ['lint', lint],
    ['tests', () => unit(filters)],
    ['application', () => app(filters)],
  ];
  /** @type {Tally[]} */
  const tallies = [await attempt('set-up', prepare)];
  for (const [name, stage] of stages) tallies.push(await attempt(name, stage));
  const { failed, failures, line } = summary(tallies);
  process.stdout.write([...failures, line].map((each) => `${each}\n`).join(''));
  return failed === 0 ? 0 : 1;
});

/** Sets up; counts only when it fails, so that a broken build does not hide what the other stages find. */
async function prepare() {
  say(describeElectron(await setUpForElectron()));
  ensureJudges(process.argv.slice(2));
  return { passed: 0, failed: 0, failures: [] };
}

/**
 * Runs a stage; one that cannot run is one failure with its sentence.
 *
 * @param {string} name
 * @param {() => Promise<Tally>} stage
 * @returns {Promise<Tally>}
 */
async function attempt(name, stage) {
  try {
    return await stage();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`${name}: ${error.message}`);
    return single(`${name}: ${error.message}`, false);
  }
}
