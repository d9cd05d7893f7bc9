/** What a search found broken, with every place where it breaks first. */

import type { Automata } from '../lower/automaton.ts';
import type { CheckKind, LimitKind } from '../result.ts';
import type { World } from '../world.ts';

/** One real step of a path: which actor (its id in the world) and, for a choice, which answer. */
export interface PathStep {
  readonly actor: number;
  readonly answer: number;
  readonly chooses: boolean;
}

/** A broken check and the schedule that leads there. */
export interface Broken {
  readonly check: string;
  readonly kind: CheckKind;
  readonly message: string;
  readonly source: string;
  readonly path: readonly PathStep[];
}

export interface SearchResult {
  readonly broken: readonly Broken[];
  readonly exhaustive: boolean;
  readonly limit: LimitKind | null;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly frontier: number;
  readonly executions: number;
  /** What kept histories apart, if anything. */
  readonly notes: readonly string[];
  /** The world that was searched: the one given or, where the search had to begin again, another one like it. */
  readonly world: World;
  /** What is known of its actors' code. */
  readonly automata: Automata;
  /** Names of actors that others start and that are interchangeable, group by group. */
  readonly kin: readonly (readonly string[])[];
}

/** Where a check is broken: in a state, or by the step that an actor takes from it. */
export interface End {
  readonly state: number;
  readonly actor: number | null;
  readonly answer: number;
}

/** Most places of one check that are compared. */
const MOST = 4096;

export class Finding {
  readonly check: string;
  readonly kind: CheckKind;
  readonly source: string;
  /** Steps from the start. */
  distance: number;
  /** All places at that distance, and what is wrong at each. */
  ends: { readonly end: End; readonly message: string }[] = [];
  /** No shorter way will be found. */
  settled = false;

  constructor(check: string, kind: CheckKind, source: string, distance: number) {
    this.check = check;
    this.kind = kind;
    this.source = source;
    this.distance = distance;
  }
}

/** A finding as it is written down. */
export type SavedFinding = Pick<Finding, 'check' | 'kind' | 'source' | 'distance' | 'settled' | 'ends'>;

export class Findings {
  private readonly byCheck = new Map<string, Finding>();

  get size(): number {
    return this.byCheck.size;
  }

  has(check: string): boolean {
    return this.byCheck.has(check);
  }

  all(): Finding[] {
    return [...this.byCheck.values()];
  }

  snapshot(): SavedFinding[] {
    return this.all();
  }

  restore(saved: readonly SavedFinding[]): void {
    this.byCheck.clear();
    for (const { check, kind, source, distance, settled, ends } of saved) {
      const finding = new Finding(check, kind, source, distance);
      finding.settled = settled;
      finding.ends = [...ends];
      this.byCheck.set(check, finding);
    }
  }

  isSettled(check: string): boolean {
    return this.byCheck.get(check)?.settled === true;
  }

  /** Notes a place where a check breaks. */
  note(
    what: { readonly check: string; readonly kind: CheckKind; readonly source: string },
    distance: number,
    end: End,
    message: () => string,
  ): void {
    let finding = this.byCheck.get(what.check);
    if (finding === undefined) {
      finding = new Finding(what.check, what.kind, what.source, distance);
      this.byCheck.set(what.check, finding);
    }
    if (finding.settled || distance > finding.distance) return;
    if (distance < finding.distance) {
      finding.distance = distance;
      finding.ends = [];
    }
    if (finding.ends.length < MOST) finding.ends.push({ end, message: message() });
  }

  /** Everything nearer than `distance` has been looked at. */
  settle(distance: number): void {
    for (const finding of this.byCheck.values()) if (finding.distance <= distance) finding.settled = true;
  }
}
