/** `gupbook import`: a trace of page_ref events, by page. */
import type { Command } from './command.ts';

const HELP = `Usage: gupbook import TRACE [--page PFN] [--kernel ID] [--cell] [options]

Reads page_ref trace events: the text of /sys/kernel/tracing/trace, of "trace-cmd report"
or of "perf script", with or without stacks; "-" is standard input. Says which pages lost
or kept references, and by which events. A trace may be larger than memory.

Options:
  --page PFN        one page's events with its count after each, what gave back what,
                    and what is wrong
  --kernel ID       lay the page beside a kernel of the model, and name the first event
                    that no call of it would cause; "guess" finds the kernel first
  --cell            print a notebook cell whose actors make the page's calls
  --index FILE      keep the index in FILE; give it instead of the trace next time
  --list N          pages to list (default 10)
  --json -          print JSON instead

Exit status: 0 read, 2 bad usage or input.`;

export const importCommand: Command = {
  name: 'import',
  summary: 'read a page_ref trace: counts, pairs, suspects',
  help: HELP,
  // Its libraries are loaded when it runs: no other command starts later because of them.
  run: async (argv, io) => (await import('./import-run.ts')).perform(argv, io),
};
