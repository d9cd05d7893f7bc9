/** Verdicts and results: what the explorer says about one experiment under one kernel. */
import type { Trace } from './trace.ts';

/**
 * `pass`: the exact state set was exhausted and nothing was found. `fail`: a schedule breaks a check.
 * `inconclusive`: a budget ended the search. `not-applicable`: the kernel lacks the function. `error`: the script threw.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'not-applicable' | 'error';

/** Where a check comes from. */
export type CheckKind = 'builtin' | 'always' | 'finally' | 'deadlock' | 'assert';

/** One broken check with the shortest schedule that breaks it. */
export interface Failure {
  /** Name of the check: `I4 a held pin reads as pinned`, or the author's own. */
  readonly check: string;
  readonly kind: CheckKind;
  /** One line: what was expected, what was found. */
  readonly message: string;
  /** Where the check's text comes from (a section of the facts, a commit, the author's line). */
  readonly source: string;
  /** The schedule that breaks it; `failingStep` is the 0-based step after which it is broken. */
  readonly trace: Trace;
  readonly failingStep: number;
}

/** A script error at the author's own position. */
export interface ScriptError {
  readonly message: string;
  /** 1-based; 0 where unknown. */
  readonly line: number;
  readonly column: number;
  readonly stack: string;
}

/** What ended a search before it was exhausted. */
export type LimitKind = 'states' | 'steps' | 'time' | 'memory' | 'stopped';

export interface ExperimentResult {
  readonly experiment: string;
  /** 1-based line of the `experiment(...)` call in the author's file. */
  readonly line: number;
  readonly kernel: string;
  readonly verdict: Verdict;
  /** What `expect` says for this kernel; null where it says nothing. */
  readonly expected: Verdict | null;
  /** True where nothing was expected, the verdict is the expected one, or a `*` expectation meets not-applicable. */
  readonly asExpected: boolean;
  /** True only if every reachable state was visited. */
  readonly exhaustive: boolean;
  /** Distinct final states reached by complete executions. */
  readonly executions: number;
  readonly states: number;
  /** Transitions taken (edges of the state graph). */
  readonly transitions: number;
  /** Length of the longest shortest path from the start, in steps. */
  readonly depth: number;
  /** States still to be expanded when a budget ended the search; 0 when exhausted. */
  readonly frontier: number;
  /** Wall time of the search in seconds, measured by the host. */
  readonly seconds: number;
  /** Broken checks, the shortest schedule first; one entry a check. */
  readonly failures: readonly Failure[];
  readonly limit: LimitKind | null;
  readonly error: ScriptError | null;
  /** One complete schedule of a passing experiment (the one that needs no context switch), null otherwise. */
  readonly sample: Trace | null;
  /** Remarks: what kept history in the state, what was cut. */
  readonly notes: readonly string[];
}

/** Which result. */
export type ResultPlace = Pick<ExperimentResult, 'experiment' | 'line' | 'kernel'>;

/** A result with nothing found yet. */
export function nothingFound(where: ResultPlace): ExperimentResult {
  return {
    ...where,
    verdict: 'error',
    expected: null,
    asExpected: false,
    exhaustive: false,
    executions: 0,
    states: 0,
    transitions: 0,
    depth: 0,
    frontier: 0,
    seconds: 0,
    failures: [],
    limit: null,
    error: null,
    sample: null,
    notes: [],
  };
}

/** Progress of a running search, sent a few times a second. */
export interface Progress {
  readonly experiment: string;
  readonly kernel: string;
  readonly states: number;
  readonly transitions: number;
  readonly frontier: number;
  readonly depth: number;
  /** Bytes that the states take so far. */
  readonly bytes?: number | undefined;
  /** About how many states there will be in all; null where it is too early to say. */
  readonly estimate?: { readonly low: number; readonly high: number } | null | undefined;
}
