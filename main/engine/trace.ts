/**
 * The one record of a run. Page states, interleaving tables, reports, litmus tests and Main's own replay are all
 * derived from a {@link Trace}; nothing else is kept of a schedule. A trace is plain data (typed arrays and name
 * tables), so it crosses process borders by structured clone and is stored as it is.
 */

/** What an actor is: a task, a completion that runs in interrupt context, or the kernel's own thread. */
export type ActorKind = 'task' | 'irq' | 'kthread';

/** One column of the interleaving. `name` is the author's own name for it. */
export interface ActorInfo {
  readonly name: string;
  readonly kind: ActorKind;
}

/** What a word belongs to. `ghost` words are the model's own bookkeeping (who holds what); no kernel has them. */
export type ObjectKind = 'folio' | 'page' | 'mapping' | 'lock' | 'mm' | 'cpu' | 'file' | 'user' | 'ghost';

/** A thing that owns words: a page, a folio, a page-table entry, a lock, an mm ... */
export interface ObjectInfo {
  readonly name: string;
  readonly kind: ObjectKind;
  /** For a tail page: index in {@link Trace.objects} of its folio's head. -1 for all others. */
  readonly head: number;
  /** Allocation order of a folio (0 for a single page, 9 for 2 MB, 18 for 1 GB). -1 for all others. */
  readonly order: number;
}

/** How a word's number is to be shown. `page` values are object indices + 1 (0 is none), `pte` values are entries. */
export type WordFormat = 'int' | 'flags' | 'page' | 'entry' | 'bool' | 'seq';

/** One 32-bit word of the model. */
export interface WordInfo {
  /** Full name, unique in the trace: `buf._refcount`, `buf.pmd`, `submit:held(buf)`. */
  readonly name: string;
  /** Index of the owner in {@link Trace.objects}. */
  readonly object: number;
  /** The kernel's field name: `_refcount`, `pincount`, `pmd`, `compound_head` ... */
  readonly field: string;
  readonly format: WordFormat;
}

/** One frame of the call chain of a step, outermost first. */
export interface Frame {
  /** Function name as the kernel spells it, or the actor's name for the author's own code. */
  readonly fn: string;
  /** 1-based position in the author's file; 0 where the frame is the engine's. */
  readonly line: number;
  readonly column: number;
}

/** Where a step was taken: its call chain, outermost first. */
export interface Place {
  readonly frames: readonly Frame[];
}

/** Something the kernel would have printed, or the model remarks: recorded with the step that caused it. */
export type EventKind = 'WARN' | 'BUG' | 'bad-page' | 'note' | 'call';

/** An event, with the kernel's own wording where the kernel would have printed something. */
export interface TraceEvent {
  /** 0-based index of the step it happened at. */
  readonly step: number;
  readonly kind: EventKind;
  readonly text: string;
}

/** Operation codes: kernel-facts notation. Every step of every actor is exactly one of these. */
export const Op = {
  /** Atomic read. */
  R: 0,
  /** Store. */
  W: 1,
  /** Read-modify-write add that hands nothing back (atomic_add()). */
  ADD: 2,
  /** Add unless zero (page_ref_add_unless): result 1 if added, 0 if the word was zero. */
  ADDU: 3,
  /** Subtract and test (page_ref_sub_and_test): result 1 if the word became zero. */
  SUBT: 4,
  /** Compare and exchange: result 1 if the word held `a` and now holds `b`. */
  CAS: 5,
  /** Exchange (ptep_get_and_clear): result is the old value. */
  XCHG: 6,
  /** Take a lock; the actor is not enabled while another holds it. Word holds 0 or the holder's actor index + 1. */
  LK: 7,
  /** Release a lock. */
  UL: 8,
  /** local_irq_save(): this CPU's interrupts off. */
  IRQ_OFF: 9,
  /** local_irq_restore(). */
  IRQ_ON: 10,
  /** Wait until the word has the value `a` (b = 0) or has not (b = 1). Result: the value read. */
  WAIT: 11,
  /** Wait until no other CPU runs with interrupts off (IPI broadcast, tlb_remove_table_sync_one(), RCU-sched). */
  SYNC: 12,
  /** `lab.choose(n)`: every answer 0..n-1 is explored. Touches no word. */
  CHOOSE: 13,
  /** A step that touches no shared word (a scheduling point the author asked for). */
  NOP: 14,
  /** Try to take a lock: result 1 if taken. */
  TRYLK: 15,
  /** Add and return (page_ref_sub_return ...): result is the new value. */
  ADDR: 16,
} as const;
export type OpCode = (typeof Op)[keyof typeof Op];

/** Names of {@link Op} codes, indexed by code, in the notation of the kernel-facts tables. */
export const OP_NAMES: readonly string[] = [
  'R',
  'W',
  'ADD',
  'ADDU',
  'SUBT',
  'CAS',
  'XCHG',
  'LK',
  'UL',
  'IRQ-',
  'IRQ+',
  'WAIT',
  'SYNC',
  'CHOOSE',
  'NOP',
  'TRYLK',
  'ADDR',
];

/**
 * Columns of {@link Trace.steps}; a step is {@link STEP_STRIDE} integers in this order.
 * `word` is -1 for steps that touch none. `before`/`after` are the word's values around the step.
 */
export const StepColumn = {
  actor: 0,
  op: 1,
  word: 2,
  a: 3,
  b: 4,
  before: 5,
  after: 6,
  result: 7,
  /** Index in {@link Trace.places}. */
  place: 8,
  /** Range of {@link Trace.effects} (in effect triples) that belongs to this step. */
  effectsFrom: 9,
  effectsTo: 10,
  /** Bit 0: ABA (a CAS, ADDU or re-check that passed although the word had changed in between). */
  marks: 11,
} as const;
export const STEP_STRIDE = 12;
export const MARK_ABA = 1;

/**
 * Kinds of effect triples `[kind, x, y]`: what the actor's code did between this step and its next one, in the same
 * atomic transition. They touch only words no kernel has (ghost words), actors and finished flags.
 */
export const Effect = {
  /** word x += y */
  add: 0,
  /** word x = y */
  set: 1,
  /** actor x becomes runnable */
  spawn: 2,
  /** actor x has finished */
  done: 3,
} as const;
export const EFFECT_STRIDE = 3;

/** A schedule and everything that happened in it. */
export interface Trace {
  readonly actors: readonly ActorInfo[];
  readonly objects: readonly ObjectInfo[];
  readonly words: readonly WordInfo[];
  /** Value of every word before step 0. */
  readonly initial: Int32Array;
  readonly steps: Int32Array;
  readonly effects: Int32Array;
  readonly places: readonly Place[];
  readonly events: readonly TraceEvent[];
  /** The schedule as a string one can paste in a mail (see explore/schedule.ts). */
  readonly schedule: string;
  /** GUP_PIN_COUNTING_BIAS of the kernel, so that counts can be shown as pins and references. */
  readonly bias: number;
}

/** Number of steps of a trace. */
export function stepCount(trace: Trace): number {
  return trace.steps.length / STEP_STRIDE;
}
