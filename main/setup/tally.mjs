/**
 * @typedef {{ passed: number, failed: number, failures: readonly string[] }} Tally `failures` names what failed, with
 *   the first line of why, one entry each.
 */

/**
 * @typedef {{ status: string, fullName: string, failureMessages?: readonly string[] }} Assertion
 * @typedef {{ status: string, name: string, message?: string, assertionResults: readonly Assertion[] }} TestFile
 */

/** Characters of a reason: enough for an assertion, short beside hundreds of them. */
const REASON = 300;

/**
 * A check that either holds or does not, such as the types of the whole project.
 *
 * @param {string} name
 * @param {boolean} holds
 * @returns {Tally}
 */
export function single(name, holds) {
  return holds ? { passed: 1, failed: 0, failures: [] } : { passed: 0, failed: 1, failures: [name] };
}

/**
 * Counts Vitest's JSON report. A file that could not be loaded ran no test and is one failure; so is a run that failed
 * without any failed test, or left no report.
 *
 * @param {string} name of the run
 * @param {string | null} report
 * @param {number} status exit status of the run
 * @returns {Tally}
 */
export function ofVitest(name, report, status) {
  const parsed = report === null ? null : JSON.parse(report);
  const passed = Number(parsed?.numPassedTests ?? 0);
  /** @type {readonly TestFile[]} */
  const files = Array.isArray(parsed?.testResults) ? parsed.testResults : [];
  const failures = files.flatMap(failuresOf);
  if (failures.length === 0 && status !== 0) return { passed, failed: 1, failures: [`${name}: exit status ${status}`] };
  return { passed, failed: failures.length, failures };
}

/** @param {TestFile} file */
function failuresOf({ status, name, message, assertionResults }) {
  if (status === 'failed' && assertionResults.length === 0) return [reasoned(name, message)];
  return assertionResults
    .filter((assertion) => assertion.status === 'failed')
    .map(({ fullName, failureMessages }) => reasoned(`${name}: ${fullName}`, failureMessages?.[0]));
}

/**
 * @param {string} what
 * @param {string | undefined} why
 */
function reasoned(what, why) {
  const [line = ''] = (why ?? '').split('\n');
  return line === '' ? what : `${what}: ${line.slice(0, REASON)}`;
}

/**
 * The last line of a test run, and before it, one line for each failure: they are far up by then.
 *
 * @param {readonly Tally[]} tallies
 */
export function summary(tallies) {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  const failures = tallies.flatMap((tally) => tally.failures.map((failure) => `failed: ${failure}`));
  return { failed, failures, line: `${passed} passed, ${failed} failed` };
}
