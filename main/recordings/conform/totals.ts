/** The result of comparing recordings with the engine, in the shape `gupbook conform --json` prints. */
import type { Mismatch } from './expectation.ts';

export interface NamedMismatch extends Mismatch {
  /** The recording's name. */
  readonly name: string;
}

export interface KernelTotals {
  /** Recordings of this kernel. */
  all: number;
  /** Those the engine can play. */
  expressible: number;
  /** Those of them in which everything that was recorded agrees. */
  matched: number;
  readonly notExpressible: { readonly name: string; readonly reason: string }[];
  readonly mismatches: NamedMismatch[];
}

export interface Totals {
  /** By id of the engine's kernel; by `uname -r` where it has none. */
  readonly kernels: Record<string, KernelTotals>;
}

/** What came of one recording: disagreements, or a reason why it was not played. */
export type Verdict = { readonly mismatches: readonly Mismatch[] } | { readonly reason: string };

/** The most disagreements kept of one recording: one wrong count shows again in every step after it. */
const MOST = 8;

export class Tally {
  readonly totals: Totals = { kernels: {} };

  add(kernel: string, name: string, verdict: Verdict): void {
    const totals = this.of(kernel);
    totals.all++;
    if ('reason' in verdict) {
      totals.notExpressible.push({ name, reason: verdict.reason });
      return;
    }
    totals.expressible++;
    if (verdict.mismatches.length === 0) totals.matched++;
    for (const { step, expected, got } of verdict.mismatches.slice(0, MOST))
      totals.mismatches.push({ name, step, expected, got });
  }

  private of(kernel: string): KernelTotals {
    this.totals.kernels[kernel] ??= { all: 0, expressible: 0, matched: 0, notExpressible: [], mismatches: [] };
    return this.totals.kernels[kernel];
  }
}
