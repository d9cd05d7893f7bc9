/** Traces for tests: written by hand, made at random, and made by the engine itself. */
import type { ExperimentResult, Failure } from '../../main/engine/result.ts';
import { Effect, Op, STEP_STRIDE, type Trace, type TraceEvent, type WordInfo } from '../../main/engine/trace.ts';

/** A step in the order of StepColumn, the rest 0. */
export interface Step {
  readonly actor?: number;
  readonly op: number;
  readonly word: number;
  readonly a?: number;
  readonly b?: number;
  readonly before: number;
  readonly after: number;
  readonly result?: number;
  readonly place?: number;
  /** Effect triples. */
  readonly effects?: readonly (readonly [number, number, number])[];
}

export interface Parts {
  readonly steps: readonly Step[];
  readonly actors?: readonly string[];
  readonly words?: readonly WordInfo[];
  readonly initial?: readonly number[];
  readonly places?: Trace['places'];
  readonly events?: readonly TraceEvent[];
  readonly bias?: number;
}

/** Words of the traces below: counts of a 2 MB folio `buf` and of its page 256, a pmd, a lock, a book. */
export const WORDS: readonly WordInfo[] = [
  { name: 'buf._refcount', object: 0, field: '_refcount', format: 'int' },
  { name: 'buf.pincount', object: 0, field: 'pincount', format: 'int' },
  { name: 'buf[256]._refcount', object: 1, field: '_refcount', format: 'int' },
  { name: 'buf.pmd', object: 2, field: 'pmd', format: 'entry' },
  { name: 'buf.ptl', object: 2, field: 'ptl', format: 'bool' },
  { name: 'pins held on buf', object: 3, field: 'pins held on buf', format: 'int' },
];
export const REFCOUNT = 0;
export const PINCOUNT = 1;
export const TAIL = 2;
export const PMD = 3;
export const PTL = 4;
export const HELD = 5;

export function trace({ steps, actors, words, initial, places, events, bias }: Parts): Trace {
  const columns: number[] = [];
  const effects: number[] = [];
  for (const step of steps) {
    const from = effects.length / 3;
    for (const effect of step.effects ?? []) effects.push(...effect);
    const { actor = 0, op, word, a = 0, b = 0, before, after, result = 0, place = 0 } = step;
    columns.push(actor, op, word, a, b, before, after, result, place, from, effects.length / 3, 0);
  }
  const shown = words ?? WORDS;
  return {
    actors: (actors ?? ['submit', 'bio A']).map((name) => ({ name, kind: name.startsWith('bio') ? 'irq' : 'task' })),
    objects: [
      { name: 'buf', kind: 'folio', head: -1, order: 9 },
      { name: 'buf[256]', kind: 'page', head: 0, order: -1 },
      { name: 'buf mapping', kind: 'mapping', head: -1, order: -1 },
      { name: 'books', kind: 'ghost', head: -1, order: -1 },
    ],
    words: shown,
    initial: Int32Array.from(initial ?? shown.map((_, word) => (word === REFCOUNT ? 1 : 0))),
    steps: Int32Array.from(columns),
    effects: Int32Array.from(effects),
    places: places ?? [{ frames: [{ fn: 'submit', line: 3, column: 5 }] }],
    events: events ?? [],
    schedule: `0x${columns.length / STEP_STRIDE}`,
    bias: bias ?? 1024,
  };
}

/** The seed's bug in three steps: pin once, unpin twice. */
export function unpinTwice(): Trace {
  const place = (fn: string) => ({
    frames: [
      { fn: 'submit', line: 3, column: 5 },
      { fn, line: 0, column: 0 },
    ],
  });
  return trace({
    places: [place('pin_user_pages_fast'), place('unpin_user_page')],
    steps: [
      { op: Op.ADDU, word: REFCOUNT, a: 1024, before: 1, after: 1025, result: 1, effects: [[Effect.add, HELD, 2]] },
      {
        actor: 1,
        op: Op.SUBT,
        word: REFCOUNT,
        a: 1024,
        before: 1025,
        after: 1,
        place: 1,
        effects: [[Effect.add, HELD, -1]],
      },
      {
        actor: 1,
        op: Op.SUBT,
        word: REFCOUNT,
        a: 1024,
        before: 1,
        after: -1023,
        place: 1,
        effects: [[Effect.done, 1, 0]],
      },
    ],
    events: [{ step: 1, kind: 'WARN', text: 'page_ref_sub_and_test(): below what is put' }],
  });
}

/** A trace of `length` consistent random steps on the words above. `random` gives integers below its argument. */
export function randomTrace(length: number, random: (below: number) => number): Trace {
  const values = WORDS.map((_, word): number => (word === REFCOUNT ? 1 : 0));
  const steps: Step[] = [];
  for (let i = 0; i < length; i++) {
    const word = random(HELD);
    const before = values[word] ?? 0;
    const after = (before + random(2049) - 1024) | 0;
    values[word] = after;
    const held = random(3) - 1;
    values[HELD] = (values[HELD] ?? 0) + held;
    steps.push({
      actor: random(2),
      op: Op.ADD,
      word,
      a: after - before,
      before,
      after,
      effects: [[Effect.add, HELD, held]],
    });
  }
  return trace({ steps });
}

export function failureOf(shown: Trace, failingStep: number, check = 'I4 a held pin reads as pinned'): Failure {
  return {
    check,
    kind: 'builtin',
    message: 'buf reads "not pinned"',
    source: 'kernel-facts 7',
    trace: shown,
    failingStep,
  };
}

export function result(change: Partial<ExperimentResult> = {}): ExperimentResult {
  return {
    experiment: 'two bios',
    line: 4,
    kernel: 'pin-v5',
    verdict: 'pass',
    expected: null,
    asExpected: true,
    exhaustive: true,
    executions: 1,
    states: 12,
    transitions: 13,
    depth: 5,
    frontier: 0,
    seconds: 0.01,
    failures: [],
    limit: null,
    error: null,
    sample: null,
    notes: [],
    ...change,
  };
}

export function failing(kernel = 'pin-v5'): ExperimentResult {
  return result({ kernel, verdict: 'fail', failures: [failureOf(unpinTwice(), 1)] });
}
