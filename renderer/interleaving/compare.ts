/**
 * Two schedules side by side, step by step, and where they first differ. Compared is what a reader compares: who acts,
 * what is done, what comes of it. Rows are made as they are asked for, so that long traces cost nothing.
 */
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { actorOf, effectText, operationText } from './steps.ts';

/** A step in words; null past the end of the shorter schedule. */
export interface Side {
  readonly actor: string;
  readonly operation: string;
  readonly effect: string;
}

export interface Pair {
  /** 0-based. */
  readonly step: number;
  readonly left: Side | null;
  readonly right: Side | null;
  readonly differs: boolean;
}

export function pairAt(a: Trace, b: Trace, step: number): Pair {
  const [left, right] = [sideOf(a, step), sideOf(b, step)];
  return { step, left, right, differs: !same(left, right) };
}

function sideOf(trace: Trace, step: number): Side | null {
  if (step >= stepCount(trace)) return null;
  const actor = trace.actors[actorOf(trace, step)]?.name ?? '';
  return { actor, operation: operationText(trace, step), effect: effectText(trace, step) };
}

function same(a: Side | null, b: Side | null): boolean {
  return a?.actor === b?.actor && a?.operation === b?.operation && a?.effect === b?.effect;
}

/** The first step in which they differ; null where they are the same to the end. */
export function firstDifference(a: Trace, b: Trace): number | null {
  const steps = Math.max(stepCount(a), stepCount(b));
  for (let step = 0; step < steps; step++) if (pairAt(a, b, step).differs) return step;
  return null;
}

/** Steps shown before and after the first difference. */
const BEFORE = 40;
const AFTER = 160;

/** The rows around the first difference, or from the start where there is none. */
export function pairs(a: Trace, b: Trace): readonly Pair[] {
  const steps = Math.max(stepCount(a), stepCount(b));
  const from = Math.max(0, (firstDifference(a, b) ?? 0) - BEFORE);
  const to = Math.min(steps, from + BEFORE + AFTER);
  return Array.from({ length: to - from }, (_, index) => pairAt(a, b, from + index));
}

/** Both as a text for a mail: the common steps once, then the two one below the other. */
export function compareText(names: readonly [string, string], a: Trace, b: Trace): string {
  const lines = [`A  ${names[0]}`, `B  ${names[1]}`, ''];
  const line = (mark: string, step: number, side: Side | null) => {
    const said = side === null ? '(ended)' : `${side.actor}: ${side.operation}  ${side.effect}`;
    lines.push(`${mark} ${String(step + 1).padEnd(5)}${said}`.trimEnd().slice(0, 72));
  };
  const first = firstDifference(a, b);
  for (const { step, left, right, differs } of pairs(a, b)) {
    if (step === first) lines.push('   -- the first difference --');
    if (!differs) line(' ', step, left);
    else {
      line('A', step, left);
      line('B', step, right);
    }
  }
  if (first === null) lines.push('   the two are the same to the end');
  return `${lines.join('\n')}\n`;
}
