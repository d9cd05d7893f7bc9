/** A set-up step that cannot go on. Its message is one clear sentence: what failed, where, what to do. */
export class SetupError extends Error {}

/**
 * One line about something that is really being done. Standard error, so that standard output belongs to the program.
 *
 * @param {string} line
 */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs an entry and ends the process with the status it gives. A {@link SetupError} becomes its sentence and status 2.
 *
 * @param {() => Promise<number>} entry
 */
export async function main(entry) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  try {
    if (major < 20 || (major === 20 && minor < 19)) {
      throw new SetupError(`Gupbook needs Node 20.19 or newer, and this is Node ${process.versions.node}.`);
    }
    process.exitCode = await entry();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`gupbook: ${error.message}`);
    process.exitCode = 2;
  }
}
