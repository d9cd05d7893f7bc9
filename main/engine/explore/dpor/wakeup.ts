/** Wakeup trees: the sequences of steps that are still to be tried behind a run, so that none is tried twice. */
import { type Depends, dependent, type Step } from './event.ts';

export interface Branch {
  /** What it touches is known for certain only when it is taken. */
  step: Step;
  readonly children: Branch[];
}

/** Whether a step comes first in a sequence, or may be put in front of it without a difference. */
export function isWeakInitial(step: Step, sequence: readonly Step[], depends: Depends): boolean {
  const own = sequence.findIndex(({ actor }) => actor === step.actor);
  const before = own < 0 ? sequence : sequence.slice(0, own);
  const first = own < 0 ? step : (sequence[own] ?? step);
  return !before.some((other) => dependent(first, other, depends));
}

/** The same, where a choice must have the same answer. */
function goesFirst(step: Step, sequence: readonly Step[], depends: Depends): boolean {
  const own = sequence.find(({ actor }) => actor === step.actor);
  return (own === undefined || own.answer === step.answer) && isWeakInitial(step, sequence, depends);
}

/** Inserts a sequence into a tree, unless it is there already but for the order of independent steps. */
export function insert(tree: Branch[], sequence: readonly Step[], depends: Depends): void {
  let branches = tree;
  let rest = sequence;
  while (rest.length > 0) {
    const child = branches.find(({ step }) => goesFirst(step, rest, depends));
    if (child === undefined) {
      grow(branches, rest);
      return;
    }
    const { actor } = child.step;
    const own = rest.findIndex((step) => step.actor === actor);
    if (own >= 0) rest = [...rest.slice(0, own), ...rest.slice(own + 1)];
    // A leaf stands for everything that begins as it does.
    if (child.children.length === 0) return;
    branches = child.children;
  }
}

function grow(branches: Branch[], sequence: readonly Step[]): void {
  let at = branches;
  for (const step of sequence) {
    const branch: Branch = { step, children: [] };
    at.push(branch);
    at = branch.children;
  }
}
