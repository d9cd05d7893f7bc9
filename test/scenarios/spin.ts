/**
 * Shipped experiments as Promela models, every step on its own and every actor told apart, for SPIN to search: the outside
 * check of lowering, search and verdicts on what ships.
 */
import { runSpin } from '../../bench/explore-spin.ts';
import { NotApplicable } from '../../main/engine/errors.ts';
import type { Checks } from '../../main/engine/explore/checks.ts';
import { promelaOf } from '../../main/engine/explore/promela.ts';
import { visibleIn } from '../../main/engine/explore/sample.ts';
import { search } from '../../main/engine/explore/search.ts';
import type { Space } from '../../main/engine/explore/space.ts';
import type { KernelRevision } from '../../main/engine/kernels/index.ts';
import { buildWorld, type Experiment } from '../../main/engine/lab.ts';

/** A model and what SPIN must say of it. */
export interface Expressed {
  readonly model: string;
  readonly breaks: boolean;
  readonly states: number;
  readonly transitions: number;
}

/** Why there is no model. */
export interface Unexpressed {
  readonly reason: 'not applicable' | 'too many states' | 'ended at a failure' | 'too many transitions' | 'a livelock';
}

/** The model of an experiment under a kernel of at most so many states. */
export function expressed(experiment: Experiment, revision: KernelRevision, most: number): Expressed | Unexpressed {
  const build = () => buildWorld(experiment, revision, () => null);
  const kept: { space: Space; checks: Checks }[] = [];
  const budget = { states: most, seconds: 600 };
  const host = { now: () => performance.now(), progress() {} };
  try {
    const { exhaustive, limit, broken, states, transitions } = search(build(), visibleIn(build()), budget, host, {
      without: new Set(experiment.options.without ?? []),
      symmetry: false,
      fuse: false,
      remember: 'always',
      probe: build,
      onEnd: (space, _frontier, checks) => kept.push({ space, checks }),
    });
    if (limit !== null) return { reason: 'too many states' };
    // What was not met would be an assertion that fails, and prove nothing.
    if (!exhaustive) return { reason: 'ended at a failure' };
    // SPIN searches for what must never happen; that something must happen in the end is another search.
    if (broken.some(({ check }) => check === 'livelock')) return { reason: 'a livelock' };
    const last = kept.at(-1);
    if (last === undefined) throw new Error('no space');
    return { model: promelaOf(last.space, last.checks, 'shipped'), breaks: broken.length > 0, states, transitions };
  } catch (error) {
    if (NotApplicable.is(error)) return { reason: 'not applicable' };
    if (error instanceof RangeError) return { reason: 'too many transitions' };
    throw error;
  }
}

/** What SPIN says otherwise, or null. */
export function disagreement({ model, breaks, states, transitions }: Expressed): string | null {
  const spin = runSpin({ model, define: {}, table: 20, unoptimised: true });
  if (breaks) return spin.errors > 0 ? null : `SPIN finds nothing broken in ${spin.states} states`;
  if (spin.errors > 0) return 'SPIN finds something broken';
  // SPIN counts the first state as a transition.
  const same = spin.states === states && spin.transitions === transitions + 1;
  return same ? null : `SPIN has ${spin.states} states, ${spin.transitions - 1} transitions: ${states}, ${transitions}`;
}
