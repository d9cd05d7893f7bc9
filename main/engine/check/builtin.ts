/**
 * The checks that are always on. Each looks at one state and says in a line what is wrong with it, or null. The books
 * they compare with (what callers were told they hold) are the model's own and no kernel's.
 */
import type { ReadWord } from '../fields.ts';
import type { World } from '../world.ts';
import { I1, I2, I3, I4 } from './counts.ts';
import { I5, I9, I10 } from './memory.ts';
import { I7 } from './vmstat.ts';

export interface BuiltinCheck {
  /** Short name, as in `without: ['I2']`. */
  readonly id: string;
  /** What must hold, in one sentence. */
  readonly sentence: string;
  readonly source: string;
  /** `end`: only when all actors have finished. `always`: in every state. */
  readonly when: 'always' | 'end';
  readonly test: (world: World, read: ReadWord) => string | null;
}

/** A check that is judged when something happens; its complaint is kept in a ghost word. */
function judged(id: string, sentence: string, source: string): BuiltinCheck {
  return { id, sentence, source, when: 'always', test: (world, read) => world.books.complaint(id, read) };
}

const I6 = judged(
  'I6',
  'nobody else can read what a process writes to its private memory',
  'CVE-2020-29374; 17839856fd58 ("gup: document and work around COW can break either way issue")',
);
const I8 = judged(
  'I8',
  'GUP returns the page that was mapped, with its references on the right head',
  'c24d37322548 ("mm/gup: fix try_grab_compound_head() race with split_huge_page()"), 1013af4f585f',
);
const I11 = judged(
  'I11',
  'nobody looks into a page table that was freed',
  '2ba99c5e0881 ("mm/khugepaged: fix GUP-fast interaction by sending IPI")',
);

/** In the order of their names. */
export const BUILTIN_CHECKS: readonly BuiltinCheck[] = [I1, I2, I3, I4, I5, I6, I7, I8, I9, I10, I11];
