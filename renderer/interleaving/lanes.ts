/** A schedule from left to right, a lane an actor: which stretches of steps are whose. For traces too long to read. */
import { stepCount, type Trace } from '../../main/engine/trace.ts';
import { actorOf } from './steps.ts';

/** A stretch of one actor, in parts of the whole length: 0 is the start, 1 the end. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The stretches of each actor. A trace with more steps than `columns` is drawn by columns that the actor is in. */
export function lanesOf(trace: Trace, columns: number): readonly (readonly Stretch[])[] {
  const steps = stepCount(trace);
  const width = Math.max(1, Math.ceil(steps / columns));
  const last = Math.max(1, steps);
  const lanes: Stretch[][] = trace.actors.map(() => []);
  for (let step = 0; step < steps; step++) {
    const lane = lanes[actorOf(trace, step)];
    if (lane === undefined) continue;
    const from = (Math.floor(step / width) * width) / last;
    const to = Math.min(1, ((Math.floor(step / width) + 1) * width) / last);
    const open = lane.at(-1);
    if (open === undefined || open.to < from) lane.push({ from, to });
    else if (open.to < to) lane[lane.length - 1] = { from: open.from, to };
  }
  return lanes;
}

/** `submit 6 steps, bio A 1 step`: the lanes in words. */
export function lanesSentence(trace: Trace): string {
  const counts = trace.actors.map(() => 0);
  for (let step = 0; step < stepCount(trace); step++) {
    const actor = actorOf(trace, step);
    counts[actor] = (counts[actor] ?? 0) + 1;
  }
  return trace.actors.map(({ name }, i) => `${name} ${counts[i]} step${counts[i] === 1 ? '' : 's'}`).join(', ');
}
