/** A row of the verdict matrix: one experiment under all 15 kernels, against the verdict of each. */
import { expect, test } from 'vitest';
import type { ExperimentOptions, KernelSwitches, Lab } from '../../../main/engine/interface.ts';
import { KERNELS } from '../../../main/engine/kernels/index.ts';
import type { ExperimentResult } from '../../../main/engine/result.ts';
import { run } from '../harness.ts';

const IDS = KERNELS.map((kernel) => kernel.id);
const VERDICTS: Readonly<Record<string, string>> = { B: 'fail', ok: 'pass', '-': 'not-applicable' };

/** What is wrong with a result, for messages: its verdict and why. */
export function explained(result: ExperimentResult): string {
  const why = result.error?.message ?? result.failures.map(({ check, message }) => `${check}: ${message}`).join(' | ');
  return `${result.verdict} ${why}`.trim();
}

export interface RowOptions {
  readonly arch?: ExperimentOptions['arch'];
  readonly without?: readonly string[];
  /** The failure must come from one of these checks (beginnings of their names). */
  readonly by?: readonly string[];
}

/**
 * `verdicts` has one word per kernel in history order: B (broken), ok, or - (not applicable). A row fails with all the
 * cells that differ, so that one run shows the whole picture.
 */
export function row(name: string, verdicts: string, body: (lab: Lab) => void, options: RowOptions = {}): void {
  test(name, { timeout: 120_000 }, () => {
    const wanted = verdicts.trim().split(/\s+/);
    expect(wanted).toHaveLength(IDS.length);
    const differ: string[] = [];
    for (const [i, id] of IDS.entries()) {
      const result = run(id, body, { options: experimentOptions(options) });
      const want = VERDICTS[wanted[i] ?? ''] ?? wanted[i];
      if (result.verdict !== want) differ.push(`${id}: want ${want}, got ${explained(result)}`);
      else if (want === 'fail' && options.by !== undefined) {
        const by = options.by;
        const seen = result.failures.map(({ check }) => check);
        if (!seen.some((check) => by.some((prefix) => check.startsWith(prefix))))
          differ.push(`${id}: broken by ${seen}`);
      }
    }
    expect(differ).toEqual([]);
  });
}

function experimentOptions(options: RowOptions): ExperimentOptions {
  return {
    ...(options.arch === undefined ? {} : { arch: options.arch }),
    ...(options.without === undefined ? {} : { without: options.without }),
  };
}

/** The same body with some switches changed. */
export function changed(changes: Partial<KernelSwitches>, body: (lab: Lab) => void): (lab: Lab) => void {
  return (lab) => body({ ...bound(lab), kernel: lab.kernel.with(changes) });
}

/** A laboratory whose methods can be spread into another object. */
function bound(lab: Lab): Lab {
  return {
    kernel: lab.kernel,
    mm: lab.mm,
    task: (name, body) => lab.task(name, body),
    irq: (name, body) => lab.irq(name, body),
    always: (name, condition) => lab.always(name, condition),
    finally: (name, condition) => lab.finally(name, condition),
    choose: (n) => lab.choose(n),
    word: (name, initial) => lab.word(name, initial),
    lock: (name) => lab.lock(name),
    splitBios: (pages, n) => lab.splitBios(pages, n),
  };
}
