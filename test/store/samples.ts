/** A small real-looking run: the seed's experiment, failing on one kernel and passing on another. */
import type { ExperimentResult } from '../../main/engine/result.ts';
import { Op, type Trace } from '../../main/engine/trace.ts';
import type { RunStart } from '../../main/store/index.ts';

export const budget = { states: 1_000_000, seconds: 60 };

export function runOf(notebookId: number, text: string): RunStart {
  return { notebookId, text, cells: null, kernels: ['pin-v5', '7.2'], budget, engineVersion: '0.1.0' };
}

/** A trace of `steps` decrements; `seed` makes traces differ. */
export function traceOf(steps: number, seed = 0): Trace {
  const columns = Array.from({ length: steps }, (_, i) => {
    const before = 1 + 512 * 1024 - 1024 * i - seed;
    return [i % 2, Op.SUBT, 0, 1024, 0, before, before - 1024, 0, i % 3, 0, 0, 0];
  });
  return {
    actors: [
      { name: 'bio0', kind: 'irq' },
      { name: 'bio1', kind: 'irq' },
    ],
    objects: [{ name: 'buf', kind: 'folio', head: -1, order: 9 }],
    words: [{ name: 'buf._refcount', object: 0, field: '_refcount', format: 'int' }],
    initial: Int32Array.of(1 + 512 * 1024 - seed),
    steps: Int32Array.from(columns.flat()),
    effects: new Int32Array(0),
    places: [10, 11, 12].map((line) => ({
      frames: [
        { fn: 'bio0', line, column: 5 },
        { fn: 'bio_release_pages', line: 0, column: 0 },
        { fn: 'unpin_user_page', line: 0, column: 0 },
      ],
    })),
    events: [{ step: Math.max(0, steps - 1), kind: 'WARN', text: 'page_ref_sub_and_test: below zero' }],
    schedule: `0x${steps}`,
    bias: 1024,
  };
}

export function passed(kernel: string): ExperimentResult {
  return {
    experiment: 'two bios over one THP',
    line: 3,
    kernel,
    verdict: 'pass',
    expected: 'pass',
    asExpected: true,
    exhaustive: true,
    executions: 1,
    states: 1548,
    transitions: 3000,
    depth: 22,
    frontier: 0,
    seconds: 0.25,
    failures: [],
    limit: null,
    error: null,
    sample: traceOf(4),
    notes: [],
  };
}

export function failed(kernel: string, trace: Trace = traceOf(12)): ExperimentResult {
  const failure = {
    check: 'I4 a held pin reads as pinned',
    kind: 'builtin',
    message: 'buf: 512 pins held, page_dma_pinned() is false',
    source: 'kernel-facts 4.7',
    trace,
    failingStep: 3,
  } as const;
  return { ...passed(kernel), verdict: 'fail', expected: 'fail', sample: null, failures: [failure] };
}
