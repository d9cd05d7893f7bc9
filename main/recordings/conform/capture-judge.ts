/** Compares a run with a capture, step by step, and tells other CPUs when to drain what. */
import type { PageModel } from '../../engine/page.ts';
import type { World } from '../../engine/world.ts';
import { tellsPage } from '../format/driver-state.ts';
import { hasFlag } from '../format/page-ref.ts';
import type { PageState } from '../format/steps.ts';
import type { CaptureSteps } from './capture.ts';
import { compareAnswer, compareRemark } from './compare-answer.ts';
import { compareEvents, type FrameEvent } from './compare-events.ts';
import { comparePages } from './compare-pages.ts';
import type { ExpectedStep, Mismatch, RecordedEvent } from './expectation.ts';
import type { Frames } from './frames.ts';
import { isDrain } from './lru.ts';
import type { RefEvent } from './ref-event.ts';
import type { Judge, Pause } from './rig.ts';
import { drainedBy } from './waiting.ts';

/** A recorded event, and whether it is part of a drain of an LRU batch. */
interface Tagged extends RecordedEvent {
  readonly drain: boolean;
}

/** One page frame's events of one step, as far as they have been met. */
interface Queue {
  readonly events: Tagged[];
  next: number;
}

/** Whether the whole step is in the trace. */
function isTraced({ events, cut }: ExpectedStep): boolean {
  return events !== null && !cut;
}

export class CaptureJudge implements Judge {
  readonly mismatches: Mismatch[] = [];
  private readonly recorded: CaptureSteps;
  private readonly frames: Frames;
  /** Page frames whose page is on the LRU, as far as the trace has told. */
  private readonly onLru: Map<number, boolean>;
  /** The recorded events of the step. */
  private tagged: Tagged[] = [];
  private queues = new Map<number, Queue>();
  /** Events of watched frames that the engine caused since the last pause. */
  private seen: FrameEvent[] = [];
  private step = 0;

  constructor(recorded: CaptureSteps, frames: Frames, lruBit: number) {
    this.recorded = recorded;
    this.frames = frames;
    const bit = 1 << lruBit;
    this.onLru = new Map(recorded.before.map(({ pfn, flags }) => [pfn, (Number(flags) & bit) !== 0]));
    this.load();
  }

  /** Whether the trace covers everything up to here. */
  private get traced(): boolean {
    return this.recorded.steps.slice(0, this.step + 1).every(isTraced);
  }

  private get expected(): ExpectedStep | undefined {
    return this.recorded.steps[this.step];
  }

  /** Sorts the events of the step that begins by frame, and finds the drains among them. */
  private load(): void {
    this.tagged = [];
    this.queues = new Map();
    for (const event of this.expected?.events ?? []) {
      const { pfn, flags } = event.ref;
      const tagged = { ...event, drain: isDrain(event.ref, this.onLru.get(pfn) ?? false) };
      this.onLru.set(pfn, hasFlag(flags, 'lru'));
      this.tagged.push(tagged);
      const queue = this.queues.get(pfn) ?? { events: [], next: 0 };
      queue.events.push(tagged);
      this.queues.set(pfn, queue);
    }
  }

  /** Pages whose next recorded event is a drain; steps over it. */
  private due(): PageModel[] {
    const pages: PageModel[] = [];
    for (const [pfn, queue] of this.queues) {
      const page = this.frames.page(pfn);
      if (page === null || queue.events[queue.next]?.drain !== true) continue;
      while (queue.events[queue.next]?.drain === true) queue.next++;
      pages.push(page);
    }
    return pages;
  }

  resume(): readonly PageModel[] {
    return this.due();
  }

  event(event: RefEvent): readonly PageModel[] {
    const pfn = this.frames.pfn(event.page) ?? this.born(event);
    const { op, val, ret, count, other } = event;
    if (pfn !== null) this.seen.push({ pfn, op, val, ret, count, drain: other });
    this.frames.note(event.page, op, ret);
    const queue = pfn === null ? undefined : this.queues.get(pfn);
    if (queue === undefined || other) return [];
    queue.next++;
    return this.due();
  }

  /** A page that the program had allocated: it stands for the next frame that the recording has begin here. */
  private born({ page, op }: RefEvent): number | null {
    if (op !== 'set' && op !== 'unfreeze') return null;
    for (const [pfn, { events }] of this.queues) {
      if (this.frames.page(pfn) !== null || this.recorded.watched.includes(pfn)) continue;
      if (events[0]?.ref.op !== 'set' && events[0]?.ref.op !== 'unfreeze') continue;
      this.frames.bind(pfn, page);
      return pfn;
    }
    return null;
  }

  pause(pause: Pause, world: World): readonly PageModel[] {
    if (pause.step === 'before') {
      this.mismatches.push(...comparePages('before', this.recorded.before, this.frames, world, pause.read));
      return [];
    }
    const { expected } = this;
    if (expected === undefined) throw new Error(`the program goes on after the last step of the recording`);
    const { name: step } = expected;
    const due = [...this.drainedUnseen(pause, expected, world), ...this.drainedUntraced(pause, expected, world)];
    if (due.length > 0) return due;
    if (pause.step !== step) throw new Error(`the program is at ${pause.step}, the recording at ${step}`);
    this.outcome(pause, expected);
    this.counters(pause, expected);
    this.events(expected);
    this.frames.settle();
    this.mismatches.push(...comparePages(step, this.pagesOf(expected), this.frames, world, pause.read));
    for (const remark of this.recorded.remarks.get(expected) ?? [])
      this.mismatches.push(...compareRemark(step, remark, pause, world));
    const { answer } = pause.detail;
    if (answer !== undefined) {
      this.mismatches.push(...compareAnswer(step, answer.state, pause, world));
      this.counters(pause, { acquired: answer.acq, released: answer.rel });
    }
    this.step++;
    this.seen = [];
    this.load();
    return [];
  }

  left(): string | null {
    return this.expected?.name ?? null;
  }

  /** The pages of a step. Which page of the engine a new frame is, only a trace tells. */
  private pagesOf(expected: ExpectedStep): readonly PageState[] {
    const pages = expected.pages ?? [];
    return this.traced ? pages : pages.filter(({ pfn }) => this.frames.page(pfn) !== null);
  }

  /**
   * Pages that the driver answers about and the trace does not watch (a fault brought them): where their count is one less
   * than it should be, their batch was drained.
   */
  private drainedUnseen({ detail, read }: Pause, expected: ExpectedStep, world: World): readonly PageModel[] {
    const page = detail.slot?.page ?? null;
    if (page === null || this.frames.pfn(page) !== null) return [];
    for (const remark of this.recorded.remarks.get(expected) ?? []) {
      if ('state' in remark && tellsPage(remark.state)) return drainedBy(remark.state.refcount, page, world, read);
    }
    return [];
  }

  /** The same for all pages of a step that the trace does not cover, because it was cut or not kept. */
  private drainedUntraced({ read }: Pause, expected: ExpectedStep, world: World): readonly PageModel[] {
    if (isTraced(expected)) return [];
    return (expected.pages ?? []).flatMap(({ pfn, refcount, ok }) => {
      const page = this.frames.page(pfn);
      return page === null || ok === 0 ? [] : drainedBy(refcount, page, world, read);
    });
  }

  private outcome({ step, outcome }: Pause, { ret, errno }: ExpectedStep): void {
    if (outcome === null || ret === null) return;
    if (outcome.ret === ret && (errno === null || outcome.errno === errno)) return;
    this.differ(step, `returns ${ret}, errno ${errno}`, `${outcome.ret}, errno ${outcome.errno}`);
  }

  private counters({ step, acquired, released }: Pause, expected: Pick<ExpectedStep, 'acquired' | 'released'>): void {
    if (expected.acquired === null || expected.released === null) return;
    if (acquired === expected.acquired && released === expected.released) return;
    const text = `nr_foll_pin_acquired ${expected.acquired}, released ${expected.released}`;
    this.differ(step, text, `${acquired}, ${released}`);
  }

  private events(expected: ExpectedStep): void {
    if (expected.events === null) return;
    const shared = new Set(expected.events.filter(({ own }) => !own).map(({ ref }) => ref.pfn));
    const recorded = this.tagged.map(({ ref: { pfn, op, val, ret, count }, drain }) => {
      return { pfn, op, val, ret, count: shared.has(pfn) ? null : count, drain };
    });
    const ordered = shared.size === 0;
    const difference = compareEvents(recorded, this.seen, { cut: expected.cut, ordered });
    if (difference !== null) this.differ(expected.name, difference.expected, difference.got);
  }

  private differ(step: string, expected: string, got: string): void {
    this.mismatches.push({ step, expected, got });
  }
}
