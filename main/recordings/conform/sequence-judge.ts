/**
 * Compares a run with a sequence of driver calls: after each, what the call returned, the counters, and three looks at a
 * page one after the other: the slot's first page, the buffer's first page, and the latter through /proc/kcore.
 * There is no trace, so two things about LRU batches are read off the counts, narrowly:
 * - a page that waits in an add batch may have one reference less from some look on, once: its batch was drained;
 * - a page that is seen for the first time with one reference more than the engine gives it waited in a batch from the
 *   start: it is noted, and the sequence is played again from there.
 */
import { hasPincountNow, headNow } from '../../engine/check/state.ts';
import type { PageModel } from '../../engine/page.ts';
import type { World } from '../../engine/world.ts';
import { type DriverAnswer, tellsPage } from '../format/driver-state.ts';
import type { SequenceLine } from '../format/sequence.ts';
import { compareAnswer } from './compare-answer.ts';
import { driverPage } from './driver-page.ts';
import type { Mismatch } from './expectation.ts';
import type { Judge, Pause, Read } from './rig.ts';
import { drainedBy, waits } from './waiting.ts';

/** What the program knows of its buffer. */
export interface BufferView {
  /** The buffer's first page as the driver holds it, null before it does. */
  readonly page0: () => PageModel | null;
  /** The page that the buffer's first address shows now. */
  readonly shown0: (read: Read) => PageModel | null;
  /** Called with a page that must have waited from the start. */
  readonly learn: (page: PageModel) => void;
}

type Look = 'slot' | 'page0' | 'kcore';
const LOOKS: readonly Look[] = ['slot', 'page0', 'kcore'];

export class SequenceJudge implements Judge {
  readonly mismatches: Mismatch[] = [];
  private readonly lines: readonly SequenceLine[];
  private readonly view: BufferView;
  private readonly seen = new Set<PageModel>();
  private line = 0;
  /** The next look of the line at hand. */
  private look = 0;

  constructor(lines: readonly SequenceLine[], view: BufferView) {
    this.lines = lines;
    this.view = view;
  }

  resume(): readonly PageModel[] {
    return [];
  }

  event(): readonly PageModel[] {
    return [];
  }

  pause(pause: Pause, world: World): readonly PageModel[] {
    const line = this.lines[this.line];
    if (line === undefined) throw new Error('the program goes on after the last line of the recording');
    const step = `${line.i} ${line.req}`;
    for (; this.look < LOOKS.length; this.look++) {
      const look = LOOKS[this.look] ?? 'slot';
      const page = this.pageOf(look, pause);
      const due = this.drained(page, refcountIn(line, look), world, pause.read);
      if (due.length > 0) return due;
      if (page !== null) this.seen.add(page);
      this.compare(step, line, look, page, pause, world);
    }
    if (line.acq !== undefined && line.rel !== undefined) this.counters(step, line.acq, line.rel, pause);
    this.line++;
    this.look = 0;
    return [];
  }

  left(): string | null {
    return this.lines[this.line]?.req ?? null;
  }

  /** The driver holds on to a page; /proc/kcore was read for what is mapped, which may be another page by then. */
  private pageOf(look: Look, { detail, read }: Pause): PageModel | null {
    if (look === 'slot') return detail.slot?.page ?? null;
    return look === 'page0' ? this.view.page0() : this.view.shown0(read);
  }

  private compare(
    step: string,
    line: SequenceLine,
    look: Look,
    page: PageModel | null,
    pause: Pause,
    world: World,
  ): void {
    if (look === 'slot') {
      this.mismatches.push(...compareAnswer(step, line.state, pause, world));
      return;
    }
    if (page === null) return;
    if (look === 'kcore') {
      if (line.kcore_page0 === undefined) return;
      const head = headNow(world, page, pause.read);
      const pins = hasPincountNow(world, head, pause.read) ? pause.read(head.pincount.index) : -1;
      const text = (refcount: number, pincount: number): string => `kcore: refcount ${refcount}, pincount ${pincount}`;
      const { refcount, pincount } = line.kcore_page0;
      this.differ(step, text(refcount, pincount), text(pause.read(head._refcount.index), pins));
      return;
    }
    if (line.page0 === undefined || !tellsPage(line.page0)) return;
    const { expected, got } = driverPage(line.page0, page, world, pause.read);
    this.differ(step, `page 0: ${expected}`, `page 0: ${got}`);
  }

  private differ(step: string, expected: string, got: string): void {
    if (expected !== got) this.mismatches.push({ step, expected, got });
  }

  private counters(step: string, acq: number, rel: number, { acquired, released }: Pause): void {
    const text = (a: number, r: number): string => `nr_foll_pin_acquired ${a}, released ${r}`;
    this.differ(step, text(acq, rel), text(acquired, released));
  }

  private drained(page: PageModel | null, refcount: number | null, world: World, read: Read): readonly PageModel[] {
    if (page === null || refcount === null) return [];
    const count = read(headNow(world, page, read)._refcount.index);
    if (count === refcount - 1 && !this.seen.has(page) && !waits(world, page, read)) this.view.learn(page);
    return drainedBy(refcount, page, world, read);
  }
}

function refcountIn(line: SequenceLine, look: Look): number | null {
  if (look === 'kcore') return line.kcore_page0?.refcount ?? null;
  const answer: DriverAnswer | undefined = look === 'slot' ? line.state : line.page0;
  return answer !== undefined && tellsPage(answer) ? answer.refcount : null;
}
