/** Casts a line of system calls: the memory it was made on, its program, and what it says about frames in the end. */
import { currentWorld } from '../../engine/context.ts';
import type { Lab, Steps } from '../../engine/interface.ts';
import { ProcessModel } from '../../engine/process.ts';
import { CaseJudge } from '../conform/case-judge.ts';
import { type ForkFrames, forkText } from '../conform/compare-answer.ts';
import type { Mismatch } from '../conform/expectation.ts';
import type { Release } from '../conform/kernels.ts';
import type { Probe } from '../conform/rig.ts';
import type { CaseLine } from '../format/case.ts';
import { KPF_HEAD, KPF_LRU, kpageflag } from '../format/memory.ts';
import type { CaseRecording } from '../read/recording.ts';
import { actionOf } from './actions.ts';
import { type Cast, type Casting, drainBatch } from './cast.ts';
import { type BufferStart, HUGE, makeBuffer, PLAIN_START } from './memory.ts';
import { forkFrames } from './memory-calls.ts';
import { ProcessState, since } from './process.ts';
import { Buffer, Program } from './program.ts';

const PAGE = 4096;

export function caseCasting({ line }: CaseRecording, release: Release): Casting {
  if (line.skipped !== undefined) return `the recording program left it out: ${line.skipped}`;
  const { steps } = line;
  if (steps === undefined || steps.length === 0) return 'it has no step';
  const odd = steps.find(({ step }) => actionOf(step) === null);
  if (odd !== undefined) return `what the program did in step ${odd.step} is not known`;
  // Whether the last page of a small buffer waits in an LRU batch was not recorded: fresh pages usually do.
  return [() => cast(line, release, true), () => cast(line, release, false)];
}

function cast(line: CaseLine, release: Release, lastWaits: boolean): Cast {
  const steps = line.steps ?? [];
  const judge = new CaseJudge(steps);
  const played: { state: ProcessState | null } = { state: null };
  const body = (lab: Lab, probe: Probe): (() => Steps<void>) => {
    const world = currentWorld('a recording');
    if (!(lab.mm instanceof ProcessModel)) throw new TypeError('this process was not made by the engine');
    const { start, first, mapped } = layoutOf(line, release, lastWaits);
    const buffer = new Buffer(makeBuffer(world, lab.mm, start), mapped);
    const state = new ProcessState({
      program: new Program(lab.kernel, buffer, probe),
      process: lab.mm,
      release,
      extent: { first, pages: line.pages, bytes: line.bytes },
      other: lab.mm.mmapPage({ name: 'other page' }),
      references: line.plain_references ?? 0,
      refaults: line.pfn_after_refault !== undefined,
      ...(line.tag === 'host' ? { pipeRoom: HOST_PIPE } : {}),
    });
    played.state = state;
    return () => play(state, line);
  };
  const mismatches = (): Mismatch[] => [...judge.mismatches, ...compareFrames(line, played.state)];
  return { situation: { name: line.case, batches: false, body }, judge, drain: drainBatch, mismatches };
}

/** Pages of a pipe of the default size; the guests' programs could ask for more. */
const HOST_PIPE = 16;

function* play(state: ProcessState, line: CaseLine): Steps<void> {
  if (line.case.endsWith('_unmapped') && !line.case.includes('half')) {
    yield* state.program.kernel.munmap(state.program.buffer.mapping);
    state.unmapped = true;
  }
  for (const { step } of line.steps ?? []) {
    const action = actionOf(step);
    if (action === null) throw new Error(`no action for ${step}`);
    const { outcome, detail } = yield* action(state);
    yield* state.program.end(step, outcome, detail);
  }
}

interface Layout {
  readonly start: BufferStart;
  readonly first: number;
  /** Pages of the mapping that exist. */
  readonly mapped: number;
}

function layoutOf(line: CaseLine, release: Release, lastWaits: boolean): Layout {
  const { mem, pages } = line;
  const half = line.case.includes('half_unmapped');
  const inside = half ? pages / 2 : pages;
  // A buffer that ends in a hole begins where the pages before the hole end with the mapping.
  const aligned = mem === 'anon_thp' || mem === 'hugetlb_2m';
  const first = half && aligned ? HUGE * Math.ceil(inside / HUGE) - inside : Math.floor(line.buf_off / PAGE);
  const npages = first + inside;
  const onLru = kpageflag(line.kpageflags, KPF_LRU);
  const small = mem === 'anon_small' || mem === 'file_private_cow';
  const waits = (i: number): boolean => small && (i === first ? !onLru : i === npages - 1 && lastWaits);
  const start: BufferStart = {
    ...PLAIN_START,
    kind: mem,
    npages,
    folioOrder: folioOrderOf(line, release),
    waits,
    readOnly: line.case.includes('ro_mapping'),
  };
  return { start, first, mapped: npages };
}

/** mTHPs are of 64 KiB where the kernel has them; a file written in pieces of 1 MiB is cached in folios of that size. */
function folioOrderOf({ mem, pages, kpageflags }: CaseLine, release: Release): number {
  const compound = kpageflag(kpageflags, KPF_HEAD);
  if (mem === 'anon_mthp') return compound && pages < HUGE && since(release, 6, 8) ? 4 : 0;
  return compound && (mem === 'file_shared' || mem === 'file_private_ro') ? 8 : 0;
}

/** What the line says about page frames: which of them were the same. */
function compareFrames(line: CaseLine, state: ProcessState | null): Mismatch[] {
  if (state === null) return [];
  const mismatches: Mismatch[] = [];
  const differ = (step: string, expected: string, got: string): void => {
    if (expected !== got) mismatches.push({ step, expected, got });
  };
  const { parent_pfn_before_fork: before, child_pfn_at_fork: child } = line;
  if (before !== undefined && child !== undefined) {
    const [childAfter, parentAfter] = [line.child_pfn_after_write, line.parent_pfn_after_write];
    for (const end of [0, 1]) {
      const recorded: ForkFrames<unknown> = {
        parentBefore: at(before, end),
        childAtFork: at(child, end),
        childAfter: at(childAfter, end),
        parentAfter: at(parentAfter, end),
      };
      differ(`fork, ${end === 0 ? 'first' : 'last'} page`, forkText(recorded), forkText(forkFrames(state, end)));
    }
  } else if (child !== undefined) {
    const { parentBefore, childAtFork } = forkFrames(state, 0);
    const recorded = { parentBefore: line.parent_pfn, childAtFork: at(child, 0) };
    differ('fork', forkText(recorded), forkText({ parentBefore, childAtFork }));
    const copy = (got: boolean): string => (got ? 'the child got a copy' : 'the child got no copy');
    if (line.child_got_a_copy !== undefined)
      differ('fork', copy(line.child_got_a_copy === 1), copy(parentBefore !== childAtFork));
  }
  if (line.pfn_after_refault !== undefined) {
    const text = (same: boolean): string => `the page after the refault is ${same ? 'the pinned one' : 'another'}`;
    const same = state.seen.get('pinned')?.[0] === state.seen.get('after the refault')?.[0];
    differ('refault', text(line.pfn_pinned === line.pfn_after_refault), text(same));
  }
  return mismatches;
}

function at(frames: number | readonly number[] | undefined, end: number): number | undefined {
  return typeof frames === 'number' ? frames : frames?.[end];
}
