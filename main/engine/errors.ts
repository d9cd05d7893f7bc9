/** What can go wrong inside an experiment, told apart by class so that each becomes the right verdict. */

/** `expect(...)` did not hold: a failure of the experiment, not of the script. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
}

/** The kernel under test has no such function: verdict `not-applicable`. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** The script misuses the interface: verdict `error`, at the author's line. */
export class ScriptMisuse extends Error {
  override readonly name = 'ScriptMisuse';
}

/** A schedule string that does not fit its experiment. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}
