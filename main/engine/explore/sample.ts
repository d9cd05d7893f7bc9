/** Runs that need no search: one complete schedule, in which actors take turns only when they have to. */
import { ExpectationError } from '../errors.ts';
import { mayWrite } from '../step.ts';
import { Op, STEP_STRIDE, StepColumn, type Trace } from '../trace.ts';
import type { World } from '../world.ts';
import type { Visible } from './fusion.ts';
import { Machine } from './machine.ts';
import type { RunOptions } from './run.ts';

/** Longest sample that is kept for a passing experiment, and longest run that only looks. */
const LONGEST_SAMPLE = 100_000;
const LONGEST_LOOK = 10_000;
/** An actor that changed nothing for so many steps waits for somebody else. */
const PATIENCE = 1000;

/** Runs to the end, or until so many steps were taken or nobody can go on. */
function runThrough(machine: Machine, longest: number): void {
  let current = 0;
  let idle = 0;
  while (!machine.allDone && machine.stepCount < longest) {
    if (idle >= PATIENCE || !machine.enabled(current)) {
      const next = nextEnabled(machine, current);
      if (next < 0) return;
      current = next;
      idle = 0;
    }
    idle = machine.step(current) ? 0 : idle + 1;
  }
}

/** The next actor, in turn, that can take a step; -1 for none. */
function nextEnabled(machine: Machine, after: number): number {
  const n = machine.actors.length;
  for (let i = 1; i <= n; i++) if (machine.enabled((after + i) % n)) return (after + i) % n;
  return -1;
}

/** One complete schedule with as few switches as it needs, or null where that takes too long. */
export function sampleOf(world: World, { scriptName, columns }: RunOptions): Trace | null {
  const machine = new Machine(world, scriptName, true, columns);
  runThrough(machine, LONGEST_SAMPLE);
  return machine.allDone ? machine.trace() : null;
}

/** What one run shows of what can be seen: a search that knows most of it seldom has to start again. */
export function visibleIn(world: World): Visible {
  const visible: Visible = { words: new Set(), irqs: false };
  const machine = new Machine(world, '', false);
  try {
    runThrough(machine, LONGEST_LOOK);
  } catch (error) {
    if (!(error instanceof ExpectationError)) throw error;
  }
  const { steps, words } = machine.trace();
  const at = (row: number, column: number): number => steps[row + column] ?? -1;
  const nameAt = (row: number): string => words[at(row, StepColumn.word)]?.name ?? '';
  for (let row = 0; row < steps.length; row += STEP_STRIDE) {
    const op = at(row, StepColumn.op);
    if (op === Op.SYNC) visible.irqs = true;
    if (op === Op.IRQ_OFF || op === Op.IRQ_ON || !mayWrite(op)) continue;
    if (nameAt(row) !== '') visible.words.add(nameAt(row));
  }
  for (let row = 0; row < steps.length && visible.weighted !== true; row += STEP_STRIDE) {
    const op = at(row, StepColumn.op);
    const isIrq = op === Op.IRQ_OFF || op === Op.IRQ_ON;
    visible.weighted = op === Op.R ? !visible.words.has(nameAt(row)) : op === Op.NOP || (isIrq && !visible.irqs);
  }
  return visible;
}
