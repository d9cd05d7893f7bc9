/** What the form of a trace's events says about the kernel's age, in words. Sources: kernel-facts of each release. */
import { type EventBatch, Ref } from '../traces/event-batch.ts';
import { BIAS, type NameLookup } from '../traces/moves.ts';

export interface Evidence {
  readonly text: string;
  /** Whether a kernel of this id may show it. */
  readonly fits: (kernel: string) => boolean;
}

/** `6.12.117` is 612; the postings of 2019 count as 5.6. */
export function ageOf(kernel: string): number {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(kernel) ?? [];
  return major === undefined ? 506 : Number(major) * 100 + Number(minor);
}

const from =
  (age: number): Evidence['fits'] =>
  (kernel) =>
    ageOf(kernel) >= age;
const before =
  (age: number): Evidence['fits'] =>
  (kernel) =>
    ageOf(kernel) < age;

export function evidenceIn(pages: readonly EventBatch[], names: NameLookup): Evidence[] {
  const seen = new Map<string, Evidence>();
  const note = (text: string, fits: Evidence['fits']): void => {
    if (!seen.has(text)) seen.set(text, { text, fits });
  };
  const flags = new Set<string>();
  for (const events of pages) {
    for (let row = 0; row < events.length; row++) look(events, row, note);
    for (const id of new Set(events.flags.subarray(0, events.length))) {
      for (const name of names.flags(id).split('|')) flags.add(name);
    }
  }
  if (flags.has('owner_2')) note('a flag is called owner_2: 6.12 or later', from(610));
  if (flags.has('mappedtodisk') || flags.has('error') || flags.has('slab')) {
    note('a flag is called mappedtodisk, error or slab: before 6.12', before(612));
  }
  return [...seen.values()];
}

function look(events: EventBatch, row: number, note: (text: string, fits: Evidence['fits']) => void): void {
  const op = events.op[row];
  const val = events.val[row] ?? 0;
  if ((events.mapcount[row] ?? 0) < 0) note('mapcount is the raw field, -1 for unmapped: 6.10 or later', from(610));
  if (op === Ref.mod_unless && val === BIAS) note('a fast pin is one addition of 1024: 5.7 to 5.13', before(514));
  if (op === Ref.mod && val === BIAS - 1) {
    note('a fast pin is 1 and then 1023: 5.14 or later, or a stable kernel with c24d37322548', from(510));
  }
  if (op === Ref.mod && val === 1 - BIAS) {
    note('an unpin is -1023 and then -1: 5.11 to 5.17, or a stable 5.10', (kernel) => {
      const age = ageOf(kernel);
      return age >= 510 && age < 518;
    });
  }
  if (op === Ref.freeze && val === 1 && events.ret[row] === 0) {
    note('the LRU tries to freeze a page that it adds: 7.2 or later', from(702));
  }
}
