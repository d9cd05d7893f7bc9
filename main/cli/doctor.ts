/** `gupbook doctor`: what is installed here, which of it runs, and the command that mends what does not. */
import type { Command } from './command.ts';

const HELP = `Usage: gupbook doctor [--json]

Says what is installed, which Electron, Node and SQLite run, whether the data folder
can be used, and for what is missing the command that mends it. Changes nothing.

Options:
  --json            print JSON instead

Exit status: 0 all that is needed is there, 1 something is missing, 2 bad usage.`;

export const doctor: Command = {
  name: 'doctor',
  summary: 'say what is installed, what is missing, and what mends it',
  help: HELP,
  // Looked at when it runs: no other command starts later because of it.
  run: async (argv, io) => (await import('./doctor/report.ts')).perform(argv, io),
};
