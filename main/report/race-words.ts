/** Which words a race table shows as state columns, and which steps are worth a row. */
import type { Failure } from '../engine/result.ts';
import { Op, type Trace } from '../engine/trace.ts';
import { allSteps, type Step } from './steps.ts';

const COUNTER_FIELDS = ['_refcount', 'pincount', 'mapcount'];

function isGhost(trace: Trace, word: number): boolean {
  const info = trace.words[word];
  return info === undefined || trace.objects[info.object]?.kind === 'ghost';
}

function isLock(trace: Trace, word: number): boolean {
  const info = trace.words[word];
  return info !== undefined && trace.objects[info.object]?.kind === 'lock';
}

/** Index of the folio's head object, for a word of one of its pages. */
function folioOf(trace: Trace, word: number): number {
  const object = trace.words[word]?.object ?? -1;
  const head = trace.objects[object]?.head ?? -1;
  return head >= 0 ? head : object;
}

function changes(step: Step): boolean {
  return step.word >= 0 && step.before !== step.after;
}

/**
 * The words that matter for a failure, the most important first: the word of the failing step (or the last counter
 * changed before it), then the other counters of its folio that change, then counters of other pages.
 */
export function stateWords(trace: Trace, failure: Pick<Failure, 'failingStep' | 'message'>, limit: number): number[] {
  const steps = allSteps(trace);
  const changed = new Set(steps.filter(changes).map((step) => step.word));
  const counters = [...changed].filter(
    (word) => !isGhost(trace, word) && COUNTER_FIELDS.includes(trace.words[word]?.field ?? ''),
  );
  const isCounter = (word: number) =>
    counters.includes(word) || (word >= 0 && trace.words[word]?.field === '_refcount');
  const until = steps.slice(0, failure.failingStep + 1).reverse();
  const first =
    until.find((step) => step.n === failure.failingStep && isCounter(step.word))?.word ??
    until.find((step) => changes(step) && isCounter(step.word))?.word ??
    counters[0] ??
    [...changed].find((word) => !isGhost(trace, word) && !isLock(trace, word));
  if (first === undefined) return [];
  const folio = folioOf(trace, first);
  // `mapcount` is only worth a column when the message speaks of it.
  const wanted = counters.filter(
    (word) => trace.words[word]?.field !== 'mapcount' || failure.message.includes('mapcount'),
  );
  const rank = (word: number) =>
    (folioOf(trace, word) === folio ? 0 : 10) + COUNTER_FIELDS.indexOf(trace.words[word]?.field ?? '');
  const rest = wanted.filter((word) => word !== first).sort((x, y) => rank(x) - rank(y) || x - y);
  return [first, ...rest].slice(0, limit);
}

/** Words that one actor changes and another looks at: a step on any other word decides nothing between actors. */
function sharedWords(trace: Trace, steps: readonly Step[]): Set<number> {
  const writers = new Map<number, Set<number>>();
  const readers = new Map<number, Set<number>>();
  const add = (map: Map<number, Set<number>>, step: Step) => {
    const set = map.get(step.word) ?? new Set<number>();
    map.set(step.word, set.add(step.actor));
  };
  for (const step of steps) {
    if (step.word < 0 || isGhost(trace, step.word)) continue;
    if (changes(step)) add(writers, step);
    // A void add does not look at the word: statistics counters are written by everybody and read by nobody.
    if (step.op !== Op.ADD && step.op !== Op.W) add(readers, step);
  }
  const shared = new Set<number>();
  for (const [word, by] of writers) {
    const looking = readers.get(word);
    if (looking && [...looking].some((reader) => by.size > 1 || !by.has(reader))) shared.add(word);
  }
  return shared;
}

/** Reads of a word whose value differs from the same actor's read before it, with that read: a re-check that fails. */
function rereads(steps: readonly Step[]): Set<number> {
  const last = new Map<string, Step>();
  const marked = new Set<number>();
  for (const step of steps) {
    if (step.op !== Op.R || step.word < 0) continue;
    const key = `${step.actor}/${step.word}`;
    const before = last.get(key);
    if (before !== undefined && before.before !== step.before) marked.add(before.n).add(step.n);
    last.set(key, step);
  }
  return marked;
}

/**
 * 0-based numbers of the steps that get a row: they change a shown word, decide something between actors, set the
 * scene, are remarked on by an event, or are the failing step.
 */
export function shownSteps(trace: Trace, words: readonly number[], failingStep: number): Set<number> {
  const steps = allSteps(trace);
  const shared = sharedWords(trace, steps);
  const changedReads = rereads(steps);
  const remarked = new Set(trace.events.filter((event) => event.kind !== 'call').map((event) => event.step));
  const hasSync = steps.some((step) => step.op === Op.SYNC);
  const locked = new Map<number, Set<number>>();
  for (const step of steps) {
    if (step.op === Op.LK || step.op === Op.TRYLK) {
      locked.set(step.word, (locked.get(step.word) ?? new Set<number>()).add(step.actor));
    }
  }
  const worth = (step: Step): boolean => {
    if (step.n === failingStep || remarked.has(step.n) || changedReads.has(step.n)) return true;
    switch (step.op) {
      case Op.NOP:
        return false;
      case Op.CHOOSE:
      case Op.SYNC:
        return true;
      case Op.IRQ_OFF:
      case Op.IRQ_ON:
        return hasSync;
      case Op.LK:
      case Op.TRYLK:
      case Op.UL:
        return (locked.get(step.word)?.size ?? 0) > 1;
      case Op.R:
        return false;
      case Op.WAIT:
        return shared.has(step.word);
      default:
        return words.includes(step.word) || shared.has(step.word);
    }
  };
  return new Set(steps.filter(worth).map((step) => step.n));
}
