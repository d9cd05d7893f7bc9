/** Two stored runs beside each other, as verdicts that differ. */
import type { ExperimentResult } from '../../main/engine/result.ts';
import type { StoredRun } from '../../preload/contract.ts';
import { VERDICT_SIGNS } from '../notebook/verdicts.ts';

/** An experiment under a kernel about which the runs say different things; null where a run has no verdict. */
export interface Difference {
  readonly experiment: string;
  readonly kernel: string;
  readonly left: ExperimentResult | null;
  readonly right: ExperimentResult | null;
}

export interface RunComparison {
  readonly differences: readonly Difference[];
  /** Verdicts that both have, and that say the same. */
  readonly same: number;
}

/** A verdict differs where the word differs, or what fails first. */
export function compareRuns(left: StoredRun, right: StoredRun): RunComparison {
  const key = ({ experiment, kernel }: ExperimentResult) => JSON.stringify([experiment, kernel]);
  const [ofLeft, ofRight] = [left, right].map(({ results }) => new Map(results.map((result) => [key(result), result])));
  const differences: Difference[] = [];
  let same = 0;
  for (const at of new Set([...(ofLeft?.keys() ?? []), ...(ofRight?.keys() ?? [])])) {
    const [a = null, b = null] = [ofLeft?.get(at), ofRight?.get(at)];
    const one = a ?? b;
    if (one === null) continue;
    if (a !== null && b !== null && said(a) === said(b)) same++;
    else differences.push({ experiment: one.experiment, kernel: one.kernel, left: a, right: b });
  }
  return { differences, same };
}

function said({ verdict, failures }: ExperimentResult): string {
  return JSON.stringify([verdict, failures[0]?.check ?? null]);
}

/** `FAIL (I4 a held pin reads as pinned)`, `ok`, or `no verdict`. */
export function verdictWords(result: ExperimentResult | null): string {
  if (result === null) return 'no verdict';
  const { word } = VERDICT_SIGNS[result.verdict];
  const check = result.failures[0]?.check;
  return check === undefined ? word : `${word} (${check})`;
}

/** The comparison for a mail: both runs, whether they ran the same, and a line for each verdict that differs. */
export function compareRunsText(left: StoredRun, right: StoredRun): string {
  const { differences, same } = compareRuns(left, right);
  const width = Math.max(0, ...differences.map(({ kernel }) => kernel.length));
  const lines = [runWords(left), runWords(right), basisWords(left, right), ''];
  let experiment: string | null = null;
  for (const difference of differences) {
    if (difference.experiment !== experiment) lines.push(difference.experiment);
    experiment = difference.experiment;
    const [a, b] = [verdictWords(difference.left), verdictWords(difference.right)];
    lines.push(`  ${difference.kernel.padEnd(width)}  ${a} -> ${b}`);
  }
  lines.push(tally(differences.length, same));
  return `${lines.join('\n')}\n`;
}

/** `3 verdicts differ, 12 are the same.` */
export function tally(differ: number, same: number): string {
  const of = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  return `${of(differ, 'verdict differs', 'verdicts differ')}, ${of(same, 'is', 'are')} the same.`;
}

export function basisWords(left: StoredRun, right: StoredRun): string {
  const text = left.sha256 === right.sha256 ? 'Both ran the same text' : 'They ran different texts';
  if (left.engineVersion === right.engineVersion) return `${text}.`;
  return `${text}, under engines ${left.engineVersion} and ${right.engineVersion}.`;
}

function runWords({ runId, startedAt, seconds, state, question }: StoredRun): string {
  const asked = question === undefined ? '' : `, what if ${question}`;
  return `run ${runId}, ${new Date(startedAt).toISOString()}, ${seconds.toFixed(2)} s, ${state}${asked}`;
}
