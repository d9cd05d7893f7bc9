/**
 * Traces written by hand: a compact list of steps is run over the engine's own operations, so that the numbers in it
 * are computed and not typed.
 */
import { ENTRY_DIRTY, ENTRY_WRITE, entryFor } from '../../main/engine/flags.ts';
import type { ExperimentResult, Failure } from '../../main/engine/result.ts';
import { applyOp, outcome } from '../../main/engine/step.ts';
import {
  type ActorInfo,
  type ActorKind,
  Effect,
  type EventKind,
  type Frame,
  type ObjectInfo,
  type ObjectKind,
  OP_NAMES,
  type Place,
  STEP_STRIDE,
  type Trace,
  type TraceEvent,
  type WordFormat,
  type WordInfo,
} from '../../main/engine/trace.ts';
import { ALL_SECTIONS, type Report } from '../../main/report/report.ts';

/** An entry that maps the first object of a trace, writable and dirty. */
export const PRESENT = entryFor(0, ENTRY_WRITE | ENTRY_DIRTY);

export class TraceBuilder {
  private readonly actors: ActorInfo[] = [];
  private readonly objects: ObjectInfo[] = [];
  private readonly words: WordInfo[] = [];
  private readonly initial: number[] = [];
  private readonly memory: number[] = [];
  private readonly steps: number[] = [];
  private readonly effects: number[] = [];
  private readonly places: Place[] = [];
  private readonly placeIds = new Map<string, number>();
  private readonly events: TraceEvent[] = [];
  private readonly schedule: number[] = [];

  actor(name: string, kind: ActorKind = 'task'): this {
    this.actors.push({ name, kind });
    return this;
  }

  object(name: string, kind: ObjectKind, head = '', order = -1): this {
    this.objects.push({ name, kind, head: head === '' ? -1 : this.objectIndex(head), order });
    return this;
  }

  word(object: string, field: string, initial: number, format: WordFormat = 'int'): this {
    this.words.push({ name: `${object}.${field}`, object: this.objectIndex(object), field, format });
    this.initial.push(initial);
    this.memory.push(initial);
    return this;
  }

  private objectIndex(name: string): number {
    return this.objects.findIndex((object) => object.name === name);
  }

  /** Current value of a word. */
  value(word: string): number {
    return this.memory[this.words.findIndex((info) => info.name === word)] ?? 0;
  }

  /** Steps taken so far. */
  get count(): number {
    return this.steps.length / STEP_STRIDE;
  }

  /**
   * One step. `chain` is the call chain below the actor, `a > b`; a line number in front (`12 a > b`) is the line of
   * the author's own code.
   */
  step(actor: string, op: string, word: string, a: number, chain: string, b = 0): this {
    const [, line, rest] = /^(?:(\d+) )?(.*)$/.exec(chain) ?? [];
    const calls = (rest ?? '').split(' > ').filter((part) => part !== '');
    return this.stepIn(actor, op, word, a, calls, Number(line ?? 1), b);
  }

  /** One step in a call chain of any names. */
  stepIn(actor: string, op: string, word: string, a: number, calls: readonly string[], line = 1, b = 0): this {
    const self = this.actors.findIndex((info) => info.name === actor);
    const index = word === '' ? -1 : this.words.findIndex((info) => info.name === word);
    if (self < 0 || (word !== '' && index < 0)) throw new Error(`no such actor or word: ${actor} ${word}`);
    const before = index < 0 ? 0 : (this.memory[index] ?? 0);
    const code = OP_NAMES.indexOf(op);
    applyOp(code, before, a, b, self);
    if (index >= 0) this.memory[index] = outcome.after;
    const at = this.effects.length / 3;
    const after = index < 0 ? 0 : outcome.after;
    this.steps.push(self, code, index, a, b, before, after, outcome.result, this.place(actor, line, calls), at, at, 0);
    this.schedule.push(self);
    return this;
  }

  /** An effect of the last step. */
  effect(kind: keyof typeof Effect, x: number, y = 0): this {
    this.effects.push(Effect[kind], x, y);
    const end = this.steps.length - STEP_STRIDE + 10;
    this.steps[end] = (this.steps[end] ?? 0) + 1;
    return this;
  }

  spawn(...names: readonly string[]): this {
    for (const name of names)
      this.effect(
        'spawn',
        this.actors.findIndex((info) => info.name === name),
      );
    return this;
  }

  event(kind: EventKind, text: string): this {
    this.events.push({ step: this.count - 1, kind, text });
    return this;
  }

  private place(actor: string, line: number, calls: readonly string[]): number {
    const frames: Frame[] = [{ fn: actor, line, column: 5 }, ...calls.map((fn) => ({ fn, line: 0, column: 0 }))];
    const key = JSON.stringify(frames);
    const known = this.placeIds.get(key);
    if (known !== undefined) return known;
    this.places.push({ frames });
    this.placeIds.set(key, this.places.length - 1);
    return this.places.length - 1;
  }

  build(bias = 1024): Trace {
    const runs: string[] = [];
    for (let i = 0; i < this.schedule.length; ) {
      let end = i;
      while (this.schedule[end] === this.schedule[i]) end++;
      runs.push(end - i === 1 ? `${this.schedule[i]}` : `${this.schedule[i]}x${end - i}`);
      i = end;
    }
    return {
      actors: this.actors,
      objects: this.objects,
      words: this.words,
      initial: Int32Array.from(this.initial),
      steps: Int32Array.from(this.steps),
      effects: Int32Array.from(this.effects),
      places: this.places,
      events: this.events,
      schedule: runs.join('.'),
      bias,
    };
  }
}

/** What pinning and unpinning do under three kernels, for the seed's case. */
const PINS = {
  'pin-v5': { add: 1024, unpin: 1024, pincount: false, fn: 'put_user_page', get: 'user_page_ref_inc' },
  'pin-v6': { add: 512 * 1024, unpin: 1024, pincount: false, fn: 'put_user_page', get: 'try_pin_compound_head' },
  '7.2': { add: 512, unpin: 1, pincount: true, fn: 'unpin_user_page', get: 'try_grab_folio_fast' },
} as const;
export type PinKernel = keyof typeof PINS;

/**
 * The seed's case: one THP (base count 1), pinned as a whole by one call, submitted as two bios whose completions give
 * back 256 pages each. `unpins` is how many of the 512 happen.
 */
export function twoBios(kernel: PinKernel, unpins = 512): Trace {
  const how = PINS[kernel];
  const trace = new TraceBuilder()
    .actor('submit')
    .actor('bio0', 'irq')
    .actor('bio1', 'irq')
    .object('buf', 'folio', '', 9)
    .object('held', 'ghost')
    .word('buf', '_refcount', 1)
    .word('buf', 'pincount', 0)
    .word('buf', 'pmd', PRESENT, 'entry')
    .word('buf', 'compound_head', 0, 'page')
    .word('held', 'pins', 0);
  const pin = `12 pin_user_pages_fast > gup_huge_pmd`;
  trace.step('submit', 'R', 'buf.pmd', 0, pin).step('submit', 'R', 'buf.compound_head', 0, `${pin} > ${how.get}`);
  trace.step('submit', 'R', 'buf._refcount', 0, `${pin} > ${how.get}`);
  trace.step('submit', 'ADDU', 'buf._refcount', how.add, `${pin} > ${how.get}`);
  if (how.pincount) trace.step('submit', 'ADD', 'buf.pincount', 512, `${pin} > ${how.get}`);
  trace.step('submit', 'R', 'buf.pmd', 0, pin).effect('add', 4, 512).spawn('bio0', 'bio1').effect('done', 0);
  for (let i = 0; i < unpins; i++) {
    const chain = `20 bio_release_pages > ${how.fn}`;
    const actor = i < 256 ? 'bio0' : 'bio1';
    trace.step(actor, 'R', 'buf.compound_head', 0, chain);
    if (how.pincount) trace.step(actor, 'ADD', 'buf.pincount', -1, chain);
    trace.step(actor, 'SUBT', 'buf._refcount', how.unpin, chain).effect('add', 4, -1);
    if (i === 255 || i === 511) trace.effect('done', i < 256 ? 1 : 2);
  }
  return trace.build();
}

/** The re-check of v5 that undoes with put_compound_head(page, 512): 513 is left where 1 is expected. */
export function undoRace(start = 0): Trace {
  const page = start === 0 ? 'buf' : `buf[${start}]`;
  const trace = new TraceBuilder().actor('pinner').actor('munmap').object('buf', 'folio', '', 9);
  if (start !== 0) trace.object(page, 'page', 'buf');
  trace
    .object('mm', 'mm')
    .word('buf', '_refcount', 1)
    .word('mm', 'pmd', PRESENT, 'entry')
    .word('buf', 'compound_head', 0, 'page');
  if (start !== 0) trace.word(page, '_refcount', 0);
  const refs = 512 - start;
  const pin = '8 pin_user_pages_fast > gup_huge_pmd';
  trace
    .step('pinner', 'R', 'mm.pmd', 0, pin)
    .step('pinner', 'R', 'buf.compound_head', 0, `${pin} > user_page_ref_inc`)
    .step('pinner', 'ADDU', 'buf._refcount', 1024, `${pin} > user_page_ref_inc`)
    .step('munmap', 'XCHG', 'mm.pmd', 0, '14 munmap > zap_huge_pmd')
    .step('pinner', 'R', 'mm.pmd', 0, pin)
    .step('pinner', 'ADD', 'buf._refcount', 1, `${pin} > put_compound_head > get_page`)
    .step('pinner', 'ADD', `${page}._refcount`, -refs, `${pin} > put_compound_head > page_ref_sub`)
    .step('pinner', 'SUBT', 'buf._refcount', 1, `${pin} > put_compound_head > put_page`)
    .step('munmap', 'SUBT', 'buf._refcount', 1, '14 munmap > put_page');
  return trace.build();
}

export function failure(trace: Trace, failingStep: number, check: string, message: string): Failure {
  return { check, kind: 'builtin', message, source: 'kernel-facts', trace, failingStep };
}

export function result(part: Partial<ExperimentResult>): ExperimentResult {
  return {
    experiment: 'two bios over one THP, PIN',
    line: 10,
    kernel: '7.2',
    verdict: 'pass',
    expected: null,
    asExpected: true,
    exhaustive: true,
    executions: 1,
    states: 132612,
    transitions: 263425,
    depth: 1032,
    frontier: 0,
    seconds: 0.4,
    failures: [],
    limit: null,
    error: null,
    sample: null,
    notes: [],
    ...part,
  };
}

const FIRST_UNPIN = 6;

/** The run of the seed's notebook under three kernels. */
export function seedResults(): ExperimentResult[] {
  const short = twoBios('pin-v5', 1);
  const whole = twoBios('pin-v5');
  const last = whole.steps.length / STEP_STRIDE - 1;
  return [
    result({
      kernel: 'pin-v5',
      verdict: 'fail',
      expected: 'fail',
      states: 131841,
      failures: [
        failure(
          short,
          FIRST_UNPIN,
          'I4 a held pin reads as pinned',
          'buf: 511 pins are held, but page_dma_pinned() says false (_refcount 1)',
        ),
        failure(whole, last, 'every reference is given back', 'page_ref_count(buf): expected 1, found -523263'),
      ],
    }),
    result({ kernel: 'pin-v6', expected: 'pass', sample: twoBios('pin-v6') }),
    result({ kernel: '7.2', expected: 'pass', sample: twoBios('7.2') }),
    result({ experiment: 'two bios over one THP, GET', kernel: 'pin-v5', expected: 'pass', states: 66306 }),
    result({ experiment: 'two bios over one THP, GET', kernel: 'pin-v6', expected: 'pass', states: 66306 }),
    result({ experiment: 'two bios over one THP, GET', kernel: '7.2', expected: 'pass', states: 66306 }),
  ];
}

export function report(part: Partial<Report> = {}): Report {
  return {
    tool: { name: 'Gupbook', version: '0.1.0', engineVersion: '1' },
    file: {
      name: 'two-bios.lab.ts',
      sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      text: null,
    },
    results: seedResults(),
    chosen: null,
    kernelTitles: { 'pin-v5': 'v5 posting, 14 Nov 2019', 'pin-v6': 'v6 posting, 19 Nov 2019', '7.2': 'Linux 7.2' },
    bounds: { states: 20_000_000, seconds: 60 },
    notModelled: ['page table locks', 'page splitting', 'LRU', 'DMA itself', 'weak memory ordering'],
    ranOnKernel: null,
    author: { name: 'Random J Developer', email: 'random@developer.example.org' },
    parent: null,
    quote: [],
    comment: null,
    subject: null,
    date: { ms: Date.UTC(2026, 10, 24, 12, 0, 0), offset: 0 },
    messageId: null,
    sections: ALL_SECTIONS,
    layout: 'finding',
    ...part,
  };
}
