/**
 * What a report is made from: one value, complete, without clock or surroundings, so that the same run gives the same
 * bytes. Every format takes a {@link Report} and nothing else.
 */
import type { ExperimentResult, Failure } from '../engine/result.ts';
import type { OriginalMessage } from './raw-message.ts';

/** Who writes. Taken from the user's git identity or given by the user; never from a page. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** What the report answers: the raw message, or no more than its Message-ID (without angle brackets). */
export type Parent =
  | { readonly kind: 'message'; readonly message: OriginalMessage }
  | { readonly kind: 'id'; readonly messageId: string };

/** An instant with the offset it is written in. */
export interface MailDate {
  /** Milliseconds since the epoch. */
  readonly ms: number;
  /** Minutes east of Greenwich, -720..840. */
  readonly offset: number;
}

/** One broken check that gets its race table. */
export interface Chosen {
  readonly experiment: string;
  readonly kernel: string;
  readonly check: string;
}

/** Parts of the mail that the author can leave out. The verdict, the limits and the replay block's tool line stay. */
export interface Sections {
  readonly table: boolean;
  readonly states: boolean;
  readonly checks: boolean;
  readonly replay: boolean;
  /** Append the notebook's text, so that a reader can run it without a clone. */
  readonly scenario: boolean;
}

export interface Report {
  readonly tool: { readonly name: string; readonly version: string; readonly engineVersion: string };
  /** The notebook: its name as the replay command names it, SHA-256 in hex, and its text where it may be included. */
  readonly file: { readonly name: string; readonly sha256: string; readonly text: string | null };
  readonly results: readonly ExperimentResult[];
  /** Broken checks that get a table, in this order; null lets {@link chosenFailures} choose. */
  readonly chosen: readonly Chosen[] | null;
  /** What kernels are, for readers who do not know the ids: `pin-v5` is `v5 posting, 14 Nov 2019`. */
  readonly kernelTitles: Readonly<Record<string, string>>;
  /** Budget of one experiment under one kernel. */
  readonly bounds: { readonly states: number; readonly seconds: number };
  /** What the model leaves out: short noun phrases. */
  readonly notModelled: readonly string[];
  /** What ran on a real kernel and was compared with the model: one sentence. Null: nothing did. */
  readonly ranOnKernel: string | null;
  readonly author: Identity | null;
  readonly parent: Parent | null;
  /** 0-based lines of the parent's text that are quoted. */
  readonly quote: readonly number[];
  /** The author's own words: stand before everything generated, as they are. */
  readonly comment: string | null;
  /** Subject of a mail that answers nothing; null makes one from the verdict. */
  readonly subject: string | null;
  readonly date: MailDate;
  /** Without angle brackets; null derives one from date, author and content. */
  readonly messageId: string | null;
  readonly sections: Sections;
  /** `finding` tells of one failure; `series` of all experiments under all kernels, and of what changed. */
  readonly layout: 'finding' | 'series';
}

/** A failure with where it came from. */
export interface FoundFailure {
  readonly result: ExperimentResult;
  readonly failure: Failure;
}

export const ALL_SECTIONS: Sections = { table: true, states: true, checks: true, replay: true, scenario: false };

/** More tables than this make no mail that anybody reads; the others are in the summary. */
const MOST_DETAILS = 6;

/** Distinct values in order of first appearance. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

export function experimentsOf(report: Report): string[] {
  return distinct(report.results.map((result) => result.experiment));
}

export function kernelsOf(report: Report): string[] {
  return distinct(report.results.map((result) => result.kernel));
}

export function resultOf(report: Report, experiment: string, kernel: string): ExperimentResult | undefined {
  return report.results.find((result) => result.experiment === experiment && result.kernel === kernel);
}

/** The first broken check of every failing experiment, under the first kernel that breaks it. */
export function firstFailures(report: Report): FoundFailure[] {
  const found: FoundFailure[] = [];
  for (const experiment of experimentsOf(report)) {
    const result = report.results.find((r) => r.experiment === experiment && r.failures.length > 0);
    const failure = result?.failures[0];
    if (result !== undefined && failure !== undefined) found.push({ result, failure });
  }
  return found;
}

/** Every broken check of every result, in order: for formats that not every failure has the shape of. */
export function allFailures(report: Report): FoundFailure[] {
  return report.results.flatMap((result) => result.failures.map((failure) => ({ result, failure })));
}

/**
 * The failures that get a table: those named in `report.chosen`, else the first of all, since a mail shows one; about a
 * whole series the first of each experiment.
 * @throws Error naming a chosen failure that is not among the results.
 */
export function chosenFailures(report: Report): FoundFailure[] {
  if (report.chosen === null) return firstFailures(report).slice(0, report.layout === 'series' ? MOST_DETAILS : 1);
  return report.chosen.map((wanted) => {
    const result = resultOf(report, wanted.experiment, wanted.kernel);
    const failure = result?.failures.find((f) => f.check === wanted.check);
    if (result === undefined || failure === undefined) {
      throw new Error(
        `the run has no failure of "${wanted.check}" in "${wanted.experiment}" under ${wanted.kernel}; ` +
          'choose one that is listed in the results',
      );
    }
    return { result, failure };
  });
}

/** True where a verdict of `pass` may be worded as complete: the whole state space was searched. */
export function isComplete(result: ExperimentResult): boolean {
  return result.exhaustive && result.limit === null;
}
