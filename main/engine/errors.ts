/** What can go wrong inside an experiment, told apart by class so that each becomes the right verdict. */

/** `expect(...)` did not hold: a failure of the experiment, not of the script. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
}

/** Number of the run that goes on: what was thrown in an earlier one says nothing about this one. */
export const run = { number: 0 };

/** The kernel under test has no such function: verdict `not-applicable`. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
  readonly #run = run.number;

  /** Whether the engine threw it in this run. A script that throws a look-alike, or an old one, has just thrown. */
  static is(error: unknown): error is NotApplicable {
    return error instanceof NotApplicable && #run in error && error.#run === run.number;
  }
}

/** The script misuses the interface: verdict `error`, at the author's line. */
export class ScriptMisuse extends Error {
  override readonly name = 'ScriptMisuse';
}

/** A schedule string that does not fit its experiment. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
}
