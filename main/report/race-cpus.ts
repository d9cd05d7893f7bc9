/**
 * Which actor runs in which column. Every task and kernel thread has a CPU of its own. A completion in interrupt
 * context is shown as `<IRQ: name>` on the CPU of the task that submitted it, provided that nothing else of that column
 * ran between its first and its last step (an interrupt handler is not preempted by the task it interrupts).
 */
import { Effect, type Trace } from '../engine/trace.ts';
import { allSteps, effectsOf } from './steps.ts';

/** Column of every actor, and whether it is shown as an interrupt in another actor's column. */
export interface CpuPlan {
  readonly cpuOf: readonly number[];
  readonly nested: readonly boolean[];
  readonly cpus: number;
}

interface Span {
  first: number;
  last: number;
}

/** The actor that made another runnable, by actor index; -1 for those that ran from the start. */
function spawners(trace: Trace): number[] {
  const by = trace.actors.map(() => -1);
  for (const step of allSteps(trace)) {
    for (const [kind, x] of effectsOf(trace, step)) {
      if (kind === Effect.spawn && x >= 0 && x < by.length && by[x] === -1) by[x] = step.actor;
    }
  }
  return by;
}

export function planCpus(trace: Trace): CpuPlan {
  const steps = allSteps(trace);
  const spans: (Span | null)[] = trace.actors.map(() => null);
  for (const step of steps) {
    const span = spans[step.actor];
    if (span) span.last = step.n;
    else spans[step.actor] = { first: step.n, last: step.n };
  }
  const actorsOn: number[][] = [];
  const cpuOf = trace.actors.map(() => -1);
  const nested = trace.actors.map(() => false);
  trace.actors.forEach((actor, index) => {
    if (actor.kind === 'irq' || spans[index] === null) return;
    cpuOf[index] = actorsOn.length;
    actorsOn.push([index]);
  });
  const spawned = spawners(trace);
  const fits = (irq: number, cpu: number) => {
    const span = spans[irq];
    return span != null && !steps.some((s) => s.n > span.first && s.n < span.last && cpuOf[s.actor] === cpu);
  };
  trace.actors.forEach((actor, index) => {
    if (actor.kind !== 'irq' || spans[index] === null) return;
    const home = cpuOf[spawned[index] ?? -1] ?? -1;
    if (home >= 0 && fits(index, home)) {
      cpuOf[index] = home;
      nested[index] = true;
      actorsOn[home]?.push(index);
      return;
    }
    cpuOf[index] = actorsOn.length;
    actorsOn.push([index]);
  });
  return { cpuOf, nested, cpus: actorsOn.length };
}
