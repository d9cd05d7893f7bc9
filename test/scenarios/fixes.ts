/**
 * Whether the fix that an experiment names is what makes the difference: it is switched on where the experiment fails, and
 * off again where a later kernel passes. An experiment that fails because it takes a step away with `kernel.with()` is run
 * with that step given back.
 */
import { fixesOf } from '../../main/engine/experiment.ts';
import { expectedVerdict } from '../../main/engine/explore/run.ts';
import type { Fix } from '../../main/engine/interface.ts';
import type { KernelRevision } from '../../main/engine/kernels/index.ts';
import type { Experiment } from '../../main/engine/lab.ts';
import { type Changes, explained, kernelsOf, runCell, runToFail } from './cells.ts';
import { shipped, shippedWithoutWith, switchesAsked } from './shipped.ts';

export interface Tally {
  /** Failing cells that pass with the fix switched on. */
  on: number;
  /** Passing cells of later kernels that fail with it switched off. */
  off: number;
  /** Failing cells that pass when the step which `kernel.with()` takes away is given back. */
  given: number;
  /** Cells where there is nothing to switch, and the notebook says why. */
  none: number;
}

export interface Findings {
  readonly tally: Tally;
  /** Switches that made a difference. */
  readonly switches: Set<string>;
  /** What is not as it should be, a line each. */
  readonly complaints: string[];
}

export function noFindings(): Findings {
  return { tally: { on: 0, off: 0, given: 0, none: 0 }, switches: new Set(), complaints: [] };
}

/** Tries the fixes of all experiments of a shipped notebook, each on all of its kernels. */
export function tryFixes(file: string, findings: Findings): void {
  const given = shippedWithoutWith(file).experiments;
  for (const [i, experiment] of shipped(file).experiments.entries()) {
    const whole = given[i];
    if (whole !== undefined) tryExperiment({ file, experiment, whole }, findings);
  }
}

interface Case {
  readonly file: string;
  readonly experiment: Experiment;
  /** The same where `kernel.with()` changes nothing. */
  readonly whole: Experiment;
}

function tryExperiment({ file, experiment, whole }: Case, findings: Findings): void {
  let failed = false;
  for (const kernel of kernelsOf(experiment)) {
    const { verdict } = expectedVerdict(experiment, kernel.id);
    const complain = (text: string) => findings.complaints.push(`${file} "${experiment.name}" / ${kernel.id}: ${text}`);
    if (verdict === 'fail') {
      failed = true;
      mend(experiment, whole, kernel, findings, complain);
    } else if (verdict === 'pass' && failed) breakAgain(experiment, kernel, findings, complain);
  }
}

type Complain = (text: string) => void;

function mend(
  experiment: Experiment,
  whole: Experiment,
  kernel: KernelRevision,
  findings: Findings,
  complain: Complain,
): void {
  const { tally, switches } = findings;
  const fix = fixFor(experiment, kernel);
  if (fix?.on !== undefined) {
    const result = runCell(experiment, kernel, fix.on);
    if (result.verdict !== 'pass') {
      complain(`with the fix it is still: ${explained(result)}`);
      return;
    }
    tally.on++;
    for (const name of changed(kernel, fix.on)) switches.add(name);
  } else if (fix?.none !== undefined) tally.none++;
  else {
    const asked = switchesAsked(experiment);
    const result = asked.length === 0 ? null : runCell(whole, kernel);
    if (result === null) complain('it fails, and no fix says what mends it');
    else if (result.verdict !== 'pass') complain(`without its kernel.with() it is still: ${explained(result)}`);
    else {
      tally.given++;
      for (const name of asked) switches.add(name);
    }
  }
}

function breakAgain(experiment: Experiment, kernel: KernelRevision, findings: Findings, complain: Complain): void {
  const { tally, switches } = findings;
  const fix = fixFor(experiment, kernel);
  if (fix?.off !== undefined) {
    const result = runToFail(experiment, kernel, fix.off);
    // A kernel that lacks the function passes in no sense: the cell is not applicable.
    if (result.verdict === 'not-applicable') return;
    if (result.verdict !== 'fail') {
      complain(`without the fix it does not fail: ${explained(result)}`);
      return;
    }
    tally.off++;
    for (const name of changed(kernel, fix.off)) switches.add(name);
  } else if (fix?.none !== undefined) tally.none++;
  else complain('it passes, an earlier kernel fails, and no fix says what to switch off');
}

/** The entry about a kernel: the one that names it, or else the one that names none. */
function fixFor(experiment: Experiment, { id }: KernelRevision): Fix | undefined {
  const fixes = fixesOf(experiment.options);
  return (
    fixes.find(({ kernels }) => kernels?.includes(id) === true) ?? fixes.find(({ kernels }) => kernels === undefined)
  );
}

function changed(kernel: KernelRevision, changes: Changes): string[] {
  const own = new Map<string, unknown>(Object.entries(kernel.switches));
  return Object.entries(changes).flatMap(([name, value]) => (own.get(name) === value ? [] : [name]));
}
