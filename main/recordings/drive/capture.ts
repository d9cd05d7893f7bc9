/** Casts a capture: its program, its memory, the pages that stand for its frames. */
import { currentWorld } from '../../engine/context.ts';
import type { Lab, Steps } from '../../engine/interface.ts';
import { ProcessModel } from '../../engine/process.ts';
import { type CaptureSteps, stepsOf } from '../conform/capture.ts';
import { CaptureJudge } from '../conform/capture-judge.ts';
import { Frames } from '../conform/frames.ts';
import type { Release } from '../conform/kernels.ts';
import { flagBits } from '../conform/page-flags.ts';
import type { Probe } from '../conform/rig.ts';
import type { MemoryKind } from '../format/memory.ts';
import type { CaptureRecording } from '../read/recording.ts';
import { bindFrames } from './bind.ts';
import { type Cast, type Casting, drainBatch } from './cast.ts';
import { makeBuffer } from './memory.ts';
import { type Plan, planOf } from './plan.ts';
import { type Extent, ProcessState, type Writes } from './process.ts';
import { Buffer, Program } from './program.ts';
import { scriptOf } from './scripts.ts';
import { startOf } from './start.ts';

export function captureCasting(recording: CaptureRecording, release: Release): Casting {
  const { steps: file } = recording;
  const plan = planOf(file.what, file.name);
  if (plan === null) return `what its program did is not known: ${file.what}`;
  const steps = stepsOf(recording);
  if (typeof steps === 'string') return steps;
  if (plan.kind === 'lifecycle' && !FAULTED.includes(file.mem))
    return `the engine does not fault in ${file.mem} memory`;
  const script = scriptOf(plan, steps, recording);
  if (typeof script === 'string') return script;
  // How much of a longer buffer a program writes to after fork is not recorded: the frames of its first page are.
  const forks = steps.steps.some(({ name }) => name === 'child_wrote') && file.len > PAGE;
  const ways: readonly Writes[] = forks ? ['first', 'all', 'ends'] : ['first'];
  return ways.map((writes) => () => cast(recording, release, plan, { steps, script, writes }));
}

/** The part of the buffer that a program works on: what its plan names, else all of it. */
function extentOf(plan: Plan, len: number): Extent {
  const bytes = plan.kind === 'vmsplice' ? plan.pages * PAGE : plan.kind === 'get_and_pin' ? PAGE : len;
  const size = plan.kind === 'process_vm' ? plan.bytes : bytes;
  return { first: 0, pages: Math.ceil(size / PAGE), bytes: size };
}

const PAGE = 4096;

/** Memory whose first access the engine plays. */
const FAULTED: readonly MemoryKind[] = ['anon_small', 'anon_thp', 'hugetlb_2m', 'anon_untouched', 'anon_untouched_thp'];

/** What a program does once its memory is there. */
export type Script = (state: ProcessState) => Steps<void>;

interface Part {
  readonly steps: CaptureSteps;
  readonly script: Script;
  readonly writes: Writes;
}

function cast(recording: CaptureRecording, release: Release, plan: Plan, { steps, script, writes }: Part): Cast {
  const { steps: file } = recording;
  const first = 'first' in plan ? plan.first : 0;
  const start = startOf(file, steps.before, first, release, plan.kind === 'lifecycle');
  const frames = new Frames();
  const judge = new CaptureJudge(steps, frames, flagBits(release).lru);
  const body = (lab: Lab, probe: Probe): (() => Steps<void>) => {
    const world = currentWorld('a recording');
    if (!(lab.mm instanceof ProcessModel)) throw new TypeError('this process was not made by the engine');
    const buffer = new Buffer(makeBuffer(world, lab.mm, start), start.npages);
    bindFrames(frames, steps, buffer, first);
    const program = new Program(lab.kernel, buffer, probe);
    const extent = extentOf(plan, file.len);
    const other = lab.mm.mmapPage({ name: 'other page' });
    const state = new ProcessState({ program, process: lab.mm, release, extent, other, writes });
    return function* () {
      yield* program.end('before', null);
      yield* script(state);
    };
  };
  const situation = { name: file.name, batches: true, body };
  return { situation, judge, drain: drainBatch, mismatches: () => judge.mismatches };
}
