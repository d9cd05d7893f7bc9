/** `gupbook decode`: what a kernel printed about pages, explained. */
import type { Command } from './command.ts';

const HELP = `Usage: gupbook decode [FILE|-] [--json -]

Reads what a kernel printed about pages and says what it means: dump_page() of every
release, "BUG: Bad page state", VM_BUG_ON_PAGE(), page_owner, nr_foll_pin_acquired and
nr_foll_pin_released of /proc/vmstat, gup_test, kpageflags, and page_ref trace events.
The text may come from dmesg, a journal, a console, a mail or a web page.

Options:
  --json -          print JSON instead

Exit status: 0 something was found, 2 bad usage or input, or nothing was found.`;

export const decode: Command = {
  name: 'decode',
  summary: 'explain a splat, a dump of a page, or page_ref events',
  help: HELP,
  // Its libraries are loaded when it runs: no other command starts later because of them.
  run: async (argv, io) => (await import('./decode-run.ts')).perform(argv, io),
};
