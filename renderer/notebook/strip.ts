/** The verdict strip of one experiment, as data: one column per kernel, in history order. */
import type { ExperimentResult } from '../../main/engine/result.ts';
import type { KernelSummary } from '../../preload/contract.ts';
import type { CellRun } from '../app/state.ts';
import { expectation, type Sign, VERDICT_SIGNS } from './verdicts.ts';

export interface Column {
  readonly kernel: string;
  readonly sign: Sign;
  /** Null while there is no verdict yet. */
  readonly result: ExperimentResult | null;
  /** False where the verdict is not the expected one. */
  readonly asExpected: boolean;
  /** The word of the verdict that it is compared with, where that was another; null otherwise. */
  readonly was: string | null;
  /** What a screen reader says, and the tooltip. */
  readonly label: string;
}

export interface Strip {
  readonly experiment: string;
  /** Line of the `experiment(...)` call in the text that ran. */
  readonly line: number;
  readonly columns: readonly Column[];
}

const WAITING: Sign = { word: '...', shape: '\u00b7', tone: 'dim' };
const SEARCHING: Sign = { word: 'run', shape: '\u25b6', tone: 'running' };
const NOT_RUN: Sign = { word: '-', shape: '\u00b7', tone: 'dim' };

/** The strips of a cell's run, in the order of the experiments. `compared`: results of another run, to tell what differs. */
export function stripsOf(
  run: CellRun,
  kernels: readonly KernelSummary[],
  compared: readonly ExperimentResult[] = [],
): readonly Strip[] {
  const strips = new Map<string, { line: number; kernels: string[] }>();
  const add = (name: string, line: number, ids: readonly string[]) => {
    const strip = strips.get(name) ?? { line, kernels: [] };
    for (const id of ids) if (!strip.kernels.includes(id)) strip.kernels.push(id);
    strips.set(name, strip);
  };
  for (const planned of run.planned) add(planned.name, planned.line, planned.kernels);
  for (const result of run.results) add(result.experiment, result.line, [result.kernel]);
  return [...strips].map(([experiment, strip]) => ({
    experiment,
    line: strip.line,
    columns: inHistory(strip.kernels, kernels).map((kernel) => columnOf(run, experiment, kernel, compared)),
  }));
}

/** Ids in the order of history; those that history does not know (derived ones) come last, as they came. */
export function inHistory(ids: readonly string[], kernels: readonly KernelSummary[]): readonly string[] {
  const order = new Map(kernels.map(({ id, order: place }) => [id, place]));
  const place = (id: string) => order.get(id) ?? Number.POSITIVE_INFINITY;
  return [...ids].sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

function columnOf(run: CellRun, experiment: string, kernel: string, compared: readonly ExperimentResult[]): Column {
  const same = (candidate: ExperimentResult) => candidate.experiment === experiment && candidate.kernel === kernel;
  const result = run.results.find(same);
  if (result !== undefined) {
    const sign = VERDICT_SIGNS[result.verdict];
    const expected = expectation(result);
    const before = compared.find(same);
    const was = before === undefined || before.verdict === result.verdict ? null : VERDICT_SIGNS[before.verdict].word;
    const more = compared.length > 0 ? (was === null ? 'as in the file' : `was ${was}`) : expected;
    const label = `${kernel}: ${sign.word}${more === '' ? '' : `, ${more}`}`;
    return { kernel, sign, result, asExpected: compared.length > 0 || result.asExpected, was, label };
  }
  const over = run.stage === 'done' || run.stage === 'aborted' || run.stage === 'error';
  const now = run.progress?.experiment === experiment && run.progress.kernel === kernel;
  const sign = over ? NOT_RUN : now ? SEARCHING : WAITING;
  return {
    kernel,
    sign,
    result: null,
    asExpected: true,
    was: null,
    label: `${kernel}: ${over ? 'no verdict' : now ? 'running' : 'waiting'}`,
  };
}

/** The result to speak of where none is chosen: the worst, and an unexpected one before an expected one. */
export function worst(results: readonly ExperimentResult[]): ExperimentResult | null {
  const rank = (result: ExperimentResult) =>
    (result.asExpected ? 0 : 10) + ['not-applicable', 'pass', 'inconclusive', 'fail', 'error'].indexOf(result.verdict);
  let found: ExperimentResult | null = null;
  for (const result of results) if (found === null || rank(result) > rank(found)) found = result;
  return found;
}
