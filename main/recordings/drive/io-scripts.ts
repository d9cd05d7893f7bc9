/** Programs of captures that make system calls: their steps are actions, or a request's submission and completion. */
import type { Bio, Steps } from '../../engine/interface.ts';
import type { CaptureSteps } from '../conform/capture.ts';
import { actionOf } from './actions.ts';
import type { Script } from './capture.ts';
import { complete, request, type Segment, submit } from './direct-io.ts';
import type { Plan } from './plan.ts';
import type { ProcessState } from './process.ts';
import { outcomeOf } from './program.ts';

const PAGE = 4096;

/** Steps that are actions by their names. */
export function byNames({ steps }: CaptureSteps): Script | string {
  const odd = steps.find(({ name }) => actionOf(name) === null);
  if (odd !== undefined) return `what the program did in step ${odd.name} is not known`;
  return function* (state) {
    for (const { name } of steps) yield* act(state, name);
  };
}

function* act(state: ProcessState, step: string): Steps<void> {
  const action = actionOf(step);
  if (action === null) throw new Error(`no action for ${step}`);
  const { outcome, detail } = yield* action(state);
  yield* state.program.end(step, outcome, detail);
}

/** One pread() or pwrite(); what a read is to the file is a write to memory. */
export function directIo({ write, bytes }: Extract<Plan, { kind: 'direct' }>): Script {
  return function* (state) {
    const outcome = yield* request(state, [pagesFrom(0, bytes)], write, bytes);
    yield* state.program.end('io', outcome);
    yield* act(state, 'settled');
  };
}

/** A request over a file whose extents lie apart is a bio or more for each; none completes before all are submitted. */
export function twoExtents({ write, bytes, firstBytes }: Extract<Plan, { kind: 'extents' }>): Script {
  return function* (state) {
    const bios: Bio[] = [];
    for (const segment of [pagesFrom(0, firstBytes), pagesFrom(firstBytes, bytes - firstBytes)])
      bios.push(...(yield* submit(state, [segment], write)).bios);
    yield* complete(state, bios);
    yield* state.program.end(write ? 'pwrite' : 'pread', outcomeOf(bytes));
    yield* act(state, 'settled');
  };
}

/** The halves of the buffer go to two devices, which complete one after the other. */
export function twoBios({ write }: Extract<Plan, { kind: 'two_bios' }>): Script {
  return function* (state) {
    const half = state.extent.bytes / 2;
    const requests: (readonly Bio[])[] = [];
    for (const which of [0, 1]) {
      requests.push((yield* submit(state, [pagesFrom(which * half, half)], write)).bios);
      yield* state.program.end(`submit_half_${which}`, outcomeOf(1));
    }
    for (const [i, bios] of requests.entries()) {
      yield* complete(state, bios);
      yield* state.program.end(i === 0 ? 'first_completion' : 'second_completion', outcomeOf(half));
    }
    yield* act(state, 'settled');
  };
}

function pagesFrom(offset: number, bytes: number): Segment {
  return { first: Math.floor(offset / PAGE), pages: Math.ceil(bytes / PAGE) };
}
