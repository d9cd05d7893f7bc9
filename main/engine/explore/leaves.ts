/** The ends of decisions: what a step or an effect does to a packed state, ready to be applied. */
import type { EventKind } from '../trace.ts';
import type { PendingEffect } from '../world.ts';
import type { Hashes } from './hash.ts';
import type { Layout } from './layout.ts';

/** Another value of a component, by numbers. */
export interface Change {
  readonly component: number;
  readonly from: number;
  readonly to: number;
}

/** Something to be judged: an expectation that did not hold, or what the kernel would have printed. */
export interface SpaceEvent {
  readonly kind: EventKind | 'broken';
  readonly text: string;
}

/** An effect and what started actors are known by where nothing better is known. */
export interface Segment {
  readonly effect: PendingEffect;
  readonly provenance: string;
  /** How often it was asked what the effect does, and how often that was not known. */
  asked: number;
  made: number;
}

/** One way an actor's step can go. */
export interface Move {
  readonly changes: readonly Change[];
  /** The answer of a choice, 0 for all other steps. */
  readonly answer: number;
  /** Invisible steps of the same actor in front of it; and behind it, where they are its last. */
  readonly prefix: number;
  readonly suffix: number;
  /** Effects, to be decided in the state after `changes`, one after the other. */
  readonly segments: readonly number[];
  readonly events: readonly SpaceEvent[];
}

/** Every answer of a choice. */
export interface Choice {
  readonly answers: readonly Move[];
}

/** The leaf of a step that has to wait. */
export const DISABLED = 0;
/** The leaf of an actor that has finished or was not started. */
export const NOT_RUNNING = 1;
/** The leaf of a step, an effect or a check that looks at too many different values: it is done each time anew. */
export const DIRECT = 2;

/** Columns of {@link LeafTable.data} in front of the integers that are XORed to a state. */
export const LEAF_HEAD = 4;
export const LeafColumn = {
  /** What is added to the state's hash. */
  hash: 0,
  flags: 1,
  /** Always-checks that look at something that changes, as bits. */
  checks: 2,
  /** Steps it stands for. */
  weight: 3,
} as const;

/** Flags of a leaf. */
export const HAS_EFFECTS = 1;
export const HAS_EVENTS = 2;
export const IS_CHOICE = 4;

const NOTHING: Move = { changes: [], answer: 0, prefix: 0, suffix: 0, segments: [], events: [] };

export class LeafTable {
  /** {@link LEAF_HEAD} columns and the integers of a state, for each leaf. */
  data = new Int32Array(1 << 10);
  stride = LEAF_HEAD + 1;
  private moves: Move[] = [];
  private choices: (readonly number[])[] = [];
  private layout: Layout | null = null;
  private readonly hashes: Hashes;
  /** Gives the always-checks that look at a component, as bits. */
  checksOf: (component: number) => number = () => -1;

  constructor(hashes: Hashes) {
    this.hashes = hashes;
  }

  clear(layout: Layout): void {
    this.layout = layout;
    this.stride = LEAF_HEAD + layout.words;
    this.moves = [];
    this.choices = [];
    for (let leaf = DISABLED; leaf <= DIRECT; leaf++) this.add(NOTHING);
  }

  move(leaf: number): Move {
    return this.moves[leaf] ?? NOTHING;
  }

  /** Leaves of a choice's answers; the leaf alone where it is none. */
  answers(leaf: number): readonly number[] {
    return this.choices[leaf] ?? [leaf];
  }

  add(what: Move | Choice): number {
    if ('answers' in what) {
      const answers = what.answers.map((move) => this.add(move));
      const leaf = this.add(NOTHING);
      this.choices[leaf] = answers;
      this.data[leaf * this.stride + LeafColumn.flags] = IS_CHOICE;
      return leaf;
    }
    const leaf = this.moves.length;
    this.moves.push(what);
    const from = leaf * this.stride;
    if (from + this.stride > this.data.length) {
      const wide = new Int32Array(this.data.length * 2);
      wide.set(this.data);
      this.data = wide;
    }
    this.data.fill(0, from, from + this.stride);
    this.fill(from, what);
    return leaf;
  }

  private fill(from: number, { changes, segments, events, prefix }: Move): void {
    const { data, layout, hashes } = this;
    let hash = 0;
    for (const { component, from: was, to } of changes) {
      hash = (hash + hashes.of(component, to) - hashes.of(component, was)) | 0;
      if (layout === null) continue;
      const at = from + LEAF_HEAD + (layout.at[component] ?? 0);
      data[at] = (data[at] ?? 0) ^ ((was ^ to) << (layout.shift[component] ?? 0));
    }
    data[from + LeafColumn.hash] = hash;
    data[from + LeafColumn.flags] = (segments.length > 0 ? HAS_EFFECTS : 0) | (events.length > 0 ? HAS_EVENTS : 0);
    data[from + LeafColumn.checks] = this.checksIn(changes);
    data[from + LeafColumn.weight] = prefix + 1;
  }

  private checksIn(changes: readonly Change[]): number {
    return changes.reduce((bits, { component }) => bits | this.checksOf(component), 0);
  }

  /** Checks look at more than before. */
  refreshChecks(): void {
    for (const [leaf, { changes }] of this.moves.entries()) {
      this.data[leaf * this.stride + LeafColumn.checks] = this.checksIn(changes);
    }
  }
}
