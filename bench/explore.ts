/** The explorer beside SPIN 6.5: the same models, exactly the same states, in turns. */

import { runExperiment } from '../main/engine/explore/run.ts';
import type { Space } from '../main/engine/explore/space.ts';
import type { Lab } from '../main/engine/interface.ts';
import { kernelById } from '../main/engine/kernels/index.ts';
import type { ExperimentResult } from '../main/engine/result.ts';
import { explainError } from '../main/engine/script.ts';
import { type Bench, median, type Row, row } from './bench.ts';
import bios from './explore-bios.pml?raw';
import { hugePageBios, pinners } from './explore-models.ts';
import pin from './explore-pin.pml?raw';
import { runSpin, type SpinResult, type SpinSearch, spinIsMissing } from './explore-spin.ts';

interface Size {
  readonly name: string;
  readonly body: (lab: Lab) => void;
  readonly spin: SpinSearch;
  readonly rounds: number;
  readonly symmetry: boolean;
}

/** Seconds of processor time from which on it says something: the shell counts hundredths. */
const MEASURABLE = 0.2;

const PIN_SIZES = [
  ['S', 2, 2, 18, 5],
  ['M', 3, 3, 20, 5],
  ['L', 4, 3, 24, 3],
  ['XL', 4, 4, 25, 1],
  // 2.2 GB of SPIN's and a minute and a half of both: with GUPBOOK_LONG=1.
  ['XXL', 4, 5, 26, 1],
] as const;
const SIZES = PIN_SIZES.filter(([name]) => name !== 'XXL' || process.env.GUPBOOK_LONG === '1');

const BIO_SIZES = [
  ['2 pinners, 3 bios each', 2, 3],
  ['3 pinners, 2 bios each', 3, 2],
] as const;

const WHOLE: readonly Size[] = [
  ...SIZES.map(([name, N, K, table, rounds]) => ({
    name: `${name}: ${N} pinners of ${K} rounds`,
    body: pinners(N, K, true),
    spin: { model: pin, define: { N, K, RECHECK: 1 }, table },
    rounds,
    symmetry: false,
  })),
  ...BIO_SIZES.map(([name, NP, R]) => ({
    name,
    body: hugePageBios(NP, R, true),
    spin: { model: bios, define: { NP, R, FIX: 1 }, table: 20 },
    rounds: 3,
    symmetry: false,
  })),
];

const BROKEN: readonly Size[] = SIZES.map(([name, N, K]) => ({
  name: `${name} broken`,
  body: pinners(N, K, false),
  spin: { model: pin, define: { N, K, RECHECK: 0 }, table: 20, toFirstError: true },
  rounds: 3,
  symmetry: true,
}));

export const explore: Bench = {
  name: 'explore',
  title: 'exact search of the pin family, against SPIN (pan)',
  run: async () => {
    const missing = spinIsMissing();
    if (missing !== null) {
      console.error(`explore is left out: ${missing}`);
      return [];
    }
    return [...WHOLE.flatMap(compareWhole), ...BROKEN.flatMap(compareBroken)];
  },
};

interface Ours {
  readonly result: ExperimentResult;
  readonly seconds: number;
  /** Bytes of the states, with index and parents. */
  readonly bytes: number;
}

/** Searches with every step a transition of its own, as the model has it; with `symmetry`, pinners are exchanged. */
function search(body: (lab: Lab) => void, symmetry: boolean): Ours {
  const kernel = kernelById('7.2');
  if (kernel === undefined) throw new Error('no kernel 7.2');
  let bytes = 0;
  const begun = process.cpuUsage();
  const result = runExperiment({ name: 'bench', options: {}, body, line: 1 }, kernel, {
    budget: { states: 100_000_000, seconds: 3600, bytes: 2 ** 33 },
    host: { now: () => performance.now(), progress() {} },
    scriptName: 'explore-models.ts',
    nameFinder: () => null,
    explain: (error) => explainError(error, 'explore-models.ts'),
    search: {
      fuse: false,
      symmetry,
      onEnd: (space: Space) => {
        bytes = space.set.bytes;
      },
    },
  });
  return { result, seconds: process.cpuUsage(begun).user / 1e6, bytes };
}

function inTurns(size: Size): { readonly ours: Ours[]; readonly peers: SpinResult[] } {
  const ours: Ours[] = [];
  const peers: SpinResult[] = [];
  for (let i = 0; i < size.rounds; i++) {
    peers.push(runSpin(size.spin));
    ours.push(search(size.body, size.symmetry));
  }
  return { ours, peers };
}

function compareWhole(size: Size): Row[] {
  const { ours, peers } = inTurns(size);
  const [mine, its] = [ours[0], peers[0]];
  if (mine === undefined || its === undefined) return [];
  const { result } = mine;
  // pan counts the first state as a transition.
  if (result.verdict !== 'pass' || result.states !== its.states || result.transitions + 1 !== its.transitions) {
    throw new Error(
      `${size.name}: ${result.verdict} ${result.states} states, ${result.transitions} transitions; ` +
        `SPIN has ${its.states} and ${its.transitions - 1}`,
    );
  }
  const seconds = median(ours.map((one) => one.seconds));
  const reduced = median(ours.map(() => search(size.body, true).seconds));
  const pan = median(peers.map((one) => one.search));
  const compiled = median(peers.map((one) => one.search + one.compile));
  return [
    ...(pan >= MEASURABLE ? [row(`${size.name} (${result.states} states)`, 's', seconds, pan, 'pan')] : []),
    row(`${size.name}, with compilation`, 's', seconds, compiled, 'spin -a, gcc -O2, pan'),
    row(`${size.name}, interchangeable pinners, with compilation`, 's', reduced, compiled, 'spin -a, gcc -O2, pan'),
    ...(pan >= MEASURABLE ? [row(`${size.name}, interchangeable pinners`, 's', reduced, pan, 'pan')] : []),
    row(`${size.name}, memory`, 'B/state', mine.bytes / result.states, (its.memory * 2 ** 20) / its.states, 'pan'),
  ];
}

/** To the first violation, with the trace that is shown. */
function compareBroken(size: Size): Row[] {
  const { ours, peers } = inTurns(size);
  const failure = ours[0]?.result.failures[0];
  if (failure?.failingStep !== 8 || peers[0]?.errors !== 1) throw new Error(`${size.name}: no violation in 9 steps`);
  const seconds = median(ours.map((one) => one.seconds));
  const compiled = median(peers.map((one) => one.search + one.compile));
  return [row(`${size.name}, to the trace`, 's', seconds, compiled, 'spin -a, gcc -O2, pan -DBFS')];
}
