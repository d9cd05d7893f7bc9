/** In what two runs of the same experiments differ. */
import type { ExperimentResult, Verdict } from '../../main/engine/result.ts';
import { count, VERDICT_SIGNS } from './verdicts.ts';

export interface Difference {
  readonly experiment: string;
  readonly kernel: string;
  readonly was: Verdict;
  readonly now: Verdict;
}

export interface Differences {
  readonly verdicts: readonly Difference[];
  /** Verdicts that both runs have. */
  readonly compared: number;
  /** States of both runs, over the verdicts that both have. */
  readonly states: { readonly was: number; readonly now: number };
}

export function differences(was: readonly ExperimentResult[], now: readonly ExperimentResult[]): Differences {
  const verdicts: Difference[] = [];
  const states = { was: 0, now: 0 };
  let compared = 0;
  for (const result of now) {
    const before = was.find((other) => other.experiment === result.experiment && other.kernel === result.kernel);
    if (before === undefined) continue;
    compared++;
    states.was += before.states;
    states.now += result.states;
    const { experiment, kernel } = result;
    if (before.verdict !== result.verdict) {
      verdicts.push({ experiment, kernel, was: before.verdict, now: result.verdict });
    }
  }
  return { verdicts, compared, states };
}

/** Kernels that are named of one kind of difference. */
const NAMED = 8;

/** `pin-v5, pin-v6 were FAIL and are ok.` What did not change is said as well. */
export function differenceText({ verdicts, compared, states }: Differences): string {
  const search = states.was === states.now ? '' : ` States searched: ${count(states.was)}, now ${count(states.now)}.`;
  if (verdicts.length === 0) return `No verdict differs from the file's (${compared} compared).${search}`;
  const kinds = new Map<string, string[]>();
  for (const { was, now, kernel } of verdicts) {
    const kind = `${VERDICT_SIGNS[was].word} -> ${VERDICT_SIGNS[now].word}`;
    const kernels = kinds.get(kind) ?? [];
    if (!kernels.includes(kernel)) kernels.push(kernel);
    kinds.set(kind, kernels);
  }
  const parts = [...kinds].map(([kind, kernels]) => {
    const more = kernels.length > NAMED ? ` and ${kernels.length - NAMED} more` : '';
    return `${kind} on ${kernels.slice(0, NAMED).join(', ')}${more}`;
  });
  return `${verdicts.length} of ${compared} verdicts ${verdicts.length === 1 ? 'differs' : 'differ'} from the file's: ${parts.join('; ')}.${search}`;
}
