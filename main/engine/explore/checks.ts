/**
 * Which checks a state breaks. What a check says depends on the words it reads, so it is asked once for each combination
 * of their values; and a new state is only looked at by checks that read something in which it differs from the state it
 * was reached from.
 */
import { BUILTIN_CHECKS } from '../check/builtin.ts';
import { inWorld } from '../context.ts';
import { ExpectationError } from '../errors.ts';
import type { CheckKind } from '../result.ts';
import type { AuthorCheck, ReadWord, World } from '../world.ts';
import { DIRECT } from './leaves.ts';
import type { Space } from './space.ts';
import type { Look } from './tries.ts';

export interface Check {
  readonly name: string;
  readonly kind: CheckKind;
  readonly source: string;
  /** What is wrong with a state, in one line, or null. */
  readonly test: (read: ReadWord) => string | null;
}

/** Leaves of a check's tree. */
export const HOLDS = 0;
export const BROKEN = 1;
/** Checks from this one on share a bit. */
const LAST_BIT = 30;

export function bitOf(check: number): number {
  return 1 << Math.min(check, LAST_BIT);
}

function builtinChecks(world: World, when: 'always' | 'end', without: ReadonlySet<string>): Check[] {
  return BUILTIN_CHECKS.filter((check) => check.when === when && !without.has(check.id)).map((check) => ({
    name: `${check.id} ${check.sentence}`,
    kind: 'builtin',
    source: check.source,
    test: (read) => check.test(world, read),
  }));
}

function authorCheck(world: World, { name, condition }: AuthorCheck, kind: 'always' | 'finally'): Check {
  const test = (read: ReadWord): string | null =>
    inWorld(world, 'check', read, () => {
      try {
        return condition() === false ? 'the condition does not hold' : null;
      } catch (error) {
        if (error instanceof ExpectationError) return error.message;
        throw error;
      }
    });
  return { name, kind, source: 'the experiment', test };
}

/** All checks of an experiment, the built-in ones first: those of every state, and those of its ends. */
export function checksOf(
  world: World,
  without: ReadonlySet<string> = new Set(),
): { readonly always: readonly Check[]; readonly finals: readonly Check[] } {
  return {
    always: [
      ...builtinChecks(world, 'always', without),
      ...world.always.map((check) => authorCheck(world, check, 'always')),
    ],
    finals: [
      ...builtinChecks(world, 'end', without),
      ...world.finals.map((check) => authorCheck(world, check, 'finally')),
    ],
  };
}

export class Checks {
  readonly always: readonly Check[];
  readonly finals: readonly Check[];
  private readonly space: Space;
  private readonly alwaysRoots: Int32Array;
  private readonly finalRoots: Int32Array;
  private readonly counts: Float64Array;
  /** Checks that read a component, as bits. */
  private readonly readers: number[] = [];
  /** The same for words that never changed so far. */
  private readonly constantReaders = new Map<number, number>();
  /** Words that are made later may be read by any check. */
  private readonly wordsAtFirst: number;

  constructor(space: Space, without: ReadonlySet<string>) {
    const { world } = space;
    this.space = space;
    const { always, finals } = checksOf(world, without);
    this.always = always;
    this.finals = finals;
    this.alwaysRoots = new Int32Array(this.always.length);
    this.finalRoots = new Int32Array(this.finals.length);
    this.counts = new Float64Array(2 * (this.always.length + this.finals.length));
    space.onNewWord = (component, word) => {
      this.readers[component] = word < this.wordsAtFirst ? (this.constantReaders.get(word) ?? 0) : -1;
    };
    space.onRepack = () => {
      this.alwaysRoots.fill(0);
      this.finalRoots.fill(0);
      this.counts.fill(0);
    };
    space.onExtend = (words) => {
      // What the last checks look at is noted nowhere.
      this.finalRoots.fill(0);
      let bits = 0;
      for (const word of words) bits |= word < this.wordsAtFirst ? (this.constantReaders.get(word) ?? 0) : -1;
      for (const i of this.always.keys()) if ((bits & bitOf(i)) !== 0) this.alwaysRoots[i] = 0;
    };
    space.leaves.checksOf = (component) => this.readers[component] ?? 0;
    const first = new Int32Array(space.layout.words);
    for (const i of this.always.keys()) this.breaks('always', i, first, 0);
    // What the last checks look at is known early, too.
    for (const i of this.finals.keys()) this.ask('end', i, first, 0, null);
    this.wordsAtFirst = world.memory.words.length;
  }

  /** Which checks look at what: see {@link restore}. */
  snapshot(): number[][] {
    return [Array.from(this.readers, (bits) => bits ?? 0), ...this.constantReaders.entries()].map((row) => [...row]);
  }

  restore([readers = [], ...constants]: readonly (readonly number[])[]): void {
    this.readers.splice(0, this.readers.length, ...readers);
    this.constantReaders.clear();
    for (const [word = 0, bits = 0] of constants) this.constantReaders.set(word, bits);
    this.space.leaves.refreshChecks();
  }

  /** Does the state break a check? */
  breaks(when: 'always' | 'end', check: number, state: Int32Array, at: number): boolean {
    const roots = when === 'always' ? this.alwaysRoots : this.finalRoots;
    const { tries } = this.space;
    const asked = this.count(when, check, 0);
    const ref = tries.walk(roots[check] ?? 0, state, at);
    if (ref === ~DIRECT) return this.ask(when, check, state, at, null) !== null;
    if (ref !== 0) return ref === ~BROKEN;
    const looks: Look[] = [];
    const leaf = this.ask(when, check, state, at, looks) === null ? HOLDS : BROKEN;
    const worth = this.space.decisions.isWorth(this.count(when, check, 1), asked);
    roots[check] = worth ? tries.insert(roots[check] ?? 0, looks, leaf) : ~DIRECT;
    return leaf === BROKEN;
  }

  /** Counts what was asked of a check (0) and what had to be decided anew (1). */
  private count(when: 'always' | 'end', check: number, what: 0 | 1): number {
    const at = 2 * (check + (when === 'always' ? 0 : this.always.length)) + what;
    const n = (this.counts[at] ?? 0) + 1;
    this.counts[at] = n;
    return n;
  }

  /** Trees of checks, as far as they were asked. */
  trees(when: 'always' | 'end'): readonly { readonly check: Check; readonly root: number }[] {
    const [checks, roots] = when === 'always' ? [this.always, this.alwaysRoots] : [this.finals, this.finalRoots];
    return checks.map((check, i) => ({ check, root: roots[i] ?? 0 }));
  }

  /** What a check says of a state. */
  complaint(when: 'always' | 'end', check: number, state: Int32Array, at: number): string {
    return this.ask(when, check, state, at, null) ?? 'the condition does not hold';
  }

  /** `looks` is given what the check looks at. */
  private ask(when: 'always' | 'end', i: number, state: Int32Array, at: number, looks: Look[] | null): string | null {
    const { space } = this;
    const bit = when === 'always' ? bitOf(i) : 0;
    let added = false;
    const read = (word: number): number => {
      space.fusion.looksAt(word);
      const component = space.wordComponent(word);
      if (component < 0) {
        const readers = this.constantReaders.get(word) ?? 0;
        if ((readers | bit) !== readers) this.constantReaders.set(word, readers | bit);
        return space.world.memory.initial[word] ?? 0;
      }
      const number = space.numberIn(state, at, component);
      if (looks !== null && !looks.some((look) => look.component === component)) looks.push({ component, number });
      const readers = this.readers[component] ?? 0;
      if ((readers | bit) !== readers) {
        added = true;
        this.readers[component] = readers | bit;
      }
      return space.value(component, number);
    };
    const check = (when === 'always' ? this.always : this.finals)[i];
    const complaint = check === undefined ? null : check.test(read);
    if (added) space.leaves.refreshChecks();
    return complaint;
  }
}
