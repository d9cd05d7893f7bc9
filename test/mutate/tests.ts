/** The tests that mutants have to get past: those that follow one order of steps, then those that search. */
import '../engine/mm/table.test.ts';
import '../engine/mm/misuse.test.ts';
import '../engine/mm/facts.test.ts';
import '../engine/mm/sequences.test.ts';
import '../engine/mm/after.test.ts';
import '../engine/mm/between.test.ts';
import '../engine/mm/switches.test.ts';
import './recordings.ts';
import './from-here-on-slow.ts';
import '../engine/seed.test.ts';
import '../engine/mm/numbers.test.ts';
import '../engine/mm/catalogue-gup.test.ts';
import '../engine/mm/catalogue-fork.test.ts';
import '../engine/mm/catalogue-races.test.ts';
import '../engine/mm/balance.test.ts';
import '../engine/mm/together.test.ts';
