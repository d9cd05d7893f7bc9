/**
 * Conformance: each recording is rebuilt in the engine under the recording's own kernel, played, and compared with what the
 * real kernel did. What the engine cannot play is counted and named with the reason.
 */
import { NotApplicable } from '../../engine/errors.ts';
import type { KernelRevision } from '../../engine/kernels/index.ts';
import { type Cast, castOf } from '../drive/index.ts';
import type { Recording } from '../read/recording.ts';
import { kernelOf, type Release, releaseOf } from './kernels.ts';
import { runSituation } from './rig.ts';
import { Tally, type Totals, type Verdict } from './totals.ts';

export type { KernelTotals, NamedMismatch, Totals } from './totals.ts';

/** Plays and compares all recordings. `heard` is told of each, so that callers can show where they are. */
export async function conform(
  recordings: AsyncIterable<Recording>,
  heard: (name: string, verdict: Verdict) => void = () => {},
): Promise<Totals> {
  const tally = new Tally();
  for await (const recording of recordings) {
    const release = releaseOf(recording.kernel);
    const kernel = release === null ? undefined : kernelOf(release);
    const verdict =
      release === null || kernel === undefined ? unknownKernel(recording) : judge(recording, kernel, release);
    tally.add(kernel?.id ?? (recording.kernel || 'unknown'), recording.name, verdict);
    heard(recording.name, verdict);
  }
  return tally.totals;
}

function unknownKernel(recording: Recording): Verdict {
  if (recording.kind === 'unreadable') return { reason: recording.reason };
  return { reason: `the engine has no kernel for Linux ${recording.kernel}` };
}

/**
 * Plays a recording. Where something of the start was not recorded and matters, the cast gives several variants: the
 * recording agrees if one of them does.
 */
export function judge(recording: Recording, kernel: KernelRevision, release: Release): Verdict {
  if (recording.kind === 'unreadable') return { reason: recording.reason };
  const variants = castOf(recording, release);
  if (typeof variants === 'string') return { reason: variants };
  let verdict: Verdict = { reason: 'there is nothing to play' };
  for (const make of variants) {
    verdict = play(make(), kernel);
    if ('mismatches' in verdict && verdict.mismatches.length === 0) return verdict;
  }
  return verdict;
}

function play(cast: Cast, kernel: KernelRevision): Verdict {
  try {
    runSituation(cast.situation, kernel, cast.judge, cast.drain);
    const left = cast.judge.left();
    return left === null
      ? { mismatches: cast.mismatches() }
      : { reason: `what its program did in step ${left} is not known` };
  } catch (thrown) {
    if (thrown instanceof NotApplicable) return { reason: thrown.message };
    const got = thrown instanceof Error ? thrown.message : String(thrown);
    return { mismatches: [...cast.mismatches(), { step: 'the run', expected: 'to come to its end', got }] };
  }
}
