/** @typedef {{ passed: number, failed: number }} Tally */

/**
 * A check that either holds or does not, such as the types of the whole project.
 *
 * @param {boolean} holds
 * @returns {Tally}
 */
export function single(holds) {
  return holds ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Counts Vitest's JSON report. A file that could not be loaded ran no test and is one failure; so is a run that failed
 * without any failed test, or left no report.
 *
 * @param {string | null} report
 * @param {number} status exit status of the run
 * @returns {Tally}
 */
export function ofVitest(report, status) {
  const parsed = report === null ? null : JSON.parse(report);
  const passed = Number(parsed?.numPassedTests ?? 0);
  const files = Array.isArray(parsed?.testResults) ? parsed.testResults : [];
  const broken = files.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = Number(parsed?.numFailedTests ?? 0) + broken.length;
  return { passed, failed: failed === 0 && status !== 0 ? 1 : failed };
}

/**
 * The last line of a test run.
 *
 * @param {readonly Tally[]} tallies
 */
export function summary(tallies) {
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  return { failed, line: `${passed} passed, ${failed} failed` };
}
