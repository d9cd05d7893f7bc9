/** One replay per trace, kept as long as the trace is. */
import type { Trace } from '../../main/engine/trace.ts';
import { PageStates } from './page-state.ts';

const replays = new WeakMap<Trace, PageStates>();

export function statesOf(trace: Trace): PageStates {
  let states = replays.get(trace);
  if (states === undefined) {
    states = new PageStates(trace);
    replays.set(trace, states);
  }
  return states;
}
