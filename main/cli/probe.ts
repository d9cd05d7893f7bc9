/** `gupbook probe`: the model checked against this machine's kernel. */
import type { Command } from './command.ts';

const HELP = `Usage: gupbook probe [--dir FOLDER] [--dry-run] [--json -]

Checks the model against the kernel that runs here: says what it will do, reads and
writes 4 MB with O_DIRECT by dd, and compares nr_foll_pin_acquired and
nr_foll_pin_released of /proc/vmstat with what the engine predicts. Linux only. No
rights are needed; as root it is faster.

Options:
  --dir FOLDER      where the file is written (default: the current folder)
  --dry-run         say what would be done, and do nothing
  --json -          print JSON instead

Exit status: 0 the kernel does what the model says, 1 it does not, 2 bad usage, or
this machine cannot be probed.`;

export const probe: Command = {
  name: 'probe',
  summary: "check the model against this machine's kernel",
  help: HELP,
  // Its libraries are loaded when it runs: no other command starts later because of them.
  run: async (argv, io) => (await import('./probe-run.ts')).perform(argv, io),
};
