/** Compares a run with a line of system calls: return values, errno and the two counters after each step. */
import type { PageModel } from '../../engine/page.ts';
import type { CaseStep } from '../format/case.ts';
import type { Mismatch } from './expectation.ts';
import type { Judge, Pause } from './rig.ts';

export class CaseJudge implements Judge {
  readonly mismatches: Mismatch[] = [];
  private readonly steps: readonly CaseStep[];
  private step = 0;
  /** Counters at the end of the step before. */
  private before = { acquired: 0, released: 0 };

  constructor(steps: readonly CaseStep[]) {
    this.steps = steps;
  }

  resume(): readonly PageModel[] {
    return [];
  }

  event(): readonly PageModel[] {
    return [];
  }

  pause(pause: Pause): readonly PageModel[] {
    const expected = this.steps[this.step];
    if (expected === undefined) throw new Error('the program goes on after the last step of the recording');
    if (expected.step !== pause.step)
      throw new Error(`the program is at ${pause.step}, the recording at ${expected.step}`);
    this.outcome(pause, expected);
    this.counters(pause, expected);
    this.before = pause;
    this.step++;
    return [];
  }

  left(): string | null {
    return this.steps[this.step]?.step ?? null;
  }

  private outcome({ step, outcome }: Pause, { ret, errno = 0 }: CaseStep): void {
    if (outcome === null || ret === undefined) return;
    if (outcome.ret === ret && outcome.errno === errno) return;
    const got = `${outcome.ret}, errno ${outcome.errno}`;
    this.mismatches.push({ step, expected: `returns ${ret}, errno ${errno}`, got });
  }

  /**
   * Exact, but for a release that another task does later: after closing a ring or at a process's end the counter may
   * lie anywhere between what it was and what it will be.
   */
  private counters({ step, acquired, released, detail }: Pause, { acq, rel }: CaseStep): void {
    if (acq === undefined || rel === undefined) return;
    const late = detail.releasedLater === true && rel >= this.before.released && rel <= released;
    if (acquired === acq && (released === rel || late)) return;
    const expected = `nr_foll_pin_acquired ${acq}, released ${rel}`;
    this.mismatches.push({ step, expected, got: `${acquired}, ${released}` });
  }
}
