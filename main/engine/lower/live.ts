/**
 * What instrumented generators report when they wait: where they are and what they still need, frame by frame. From it
 * comes the key by which two histories are one node. main/lab/lower/instrument.ts inserts the calls; code without them
 * reports nothing, and its histories are kept apart.
 */
import { ScriptMisuse } from '../errors.ts';
import { ArrayCursor, ArrayCursors, OtherCursor } from './cursor.ts';
import { type Captured, KeyWriter } from './key.ts';

/** Values of the variables a place needs, in the order of its names. */
type Values = () => readonly unknown[];

interface Frame {
  /** `line:column name,name` or, where the place cannot be described, `line:column !reason`. */
  readonly site: string;
  readonly values: Values | null;
}

/** One chain of generators that wait for each other: an actor's call chain. */
export class Chain {
  readonly frames: Frame[] = [];
  /** How often its actor was driven. */
  turn = 0;
}

/** What keeps a node's history, and where. */
export interface Obstacle {
  /** `line:column` of the author's file, or the same behind a file name of the engine. */
  readonly place: string;
  /** A variable's name, or what stands in the way. */
  readonly what: string;
  /** Number of the thing that is told apart by identity, 0 where the place itself cannot be described. */
  readonly identity: number;
}

class Live {
  private chain = new Chain();
  /** The operation that the innermost generator reported last, null when none did. */
  private reported: unknown = null;
  private readonly bodies = new WeakMap<object, Captured>();
  /** True while actors' code runs; set by whoever drives it. */
  private inActor = false;
  /** Why the last node has no key, null where it has one. */
  obstacle: Obstacle | null = null;
  /** Variables of the last node whose values are told apart by identity. */
  obstacles: Obstacle[] = [];

  // --- called by instrumented code ---------------------------------------------------------------------------------

  /** A generator begins: its depth in the chain. */
  begin(): number {
    return this.chain.frames.length;
  }

  /** The generator at `depth` is about to yield `step`. */
  at<T>(step: T, depth: number, site: string, values: Values | null): T {
    this.frame(depth, { site, values });
    this.reported = step;
    return step;
  }

  /** The generator at `depth` is about to hand over to `delegate`. */
  into<T>(delegate: T, depth: number, site: string, values: Values | null): T {
    const known = Object.prototype.toString.call(delegate) === '[object Generator]';
    this.frame(
      depth,
      known ? { site, values } : { site: `${placeOf(site)} !\`yield*\` of something else`, values: null },
    );
    return delegate;
  }

  private frame(depth: number, frame: Frame): void {
    // What a search itself yields is nobody's place, and would be kept for ever.
    if (!this.inActor) return;
    const { frames } = this.chain;
    frames.length = Math.min(frames.length, depth);
    frames.push(frame);
  }

  /** A part of an expression that was evaluated. */
  keep<T>(value: T): T {
    return value;
  }

  /** What `entries()`, `keys()` or `values()` is asked of. */
  over<T>(iterable: T): T | ArrayCursors {
    return Array.isArray(iterable) ? new ArrayCursors(iterable) : iterable;
  }

  /** What a loop runs over. */
  each(iterable: unknown): Iterable<unknown> {
    if (iterable instanceof ArrayCursor) return iterable;
    if (Array.isArray(iterable)) return new ArrayCursor(iterable, 'values');
    if (typeof iterable === 'string') return new ArrayCursor([...iterable], 'values');
    return new OtherCursor(iterable);
  }

  /** A generator function was made, and this is what it took with it. */
  body<T extends object>(fn: T, site: string, values: Values): T {
    this.bodies.set(fn, { site, values });
    return fn;
  }

  /** Whether a function began while the experiment was built: actors share its variables. */
  phase(): boolean {
    return !this.inActor;
  }

  /** A function changed a variable of one around it. `built` as {@link phase} said there, null for the script itself. */
  wrote<T>(built: boolean | null, name: string, value: T): T {
    if (this.inActor && built !== false) throw sharedVariable(name);
    return value;
  }

  /** An actor changed a variable of the actor that started it. */
  shared<T>(name: string, _value: T): T {
    throw sharedVariable(name);
  }

  // --- called by those who drive generators --------------------------------------------------------------------------

  /** Runs an actor's code; what it reports goes to `chain`. */
  drive<T>(chain: Chain, run: () => T): T {
    const outer = this.chain;
    const outerActor = this.inActor;
    this.chain = chain;
    this.inActor = true;
    this.reported = null;
    chain.turn++;
    try {
      return run();
    } finally {
      this.chain = outer;
      this.inActor = outerActor;
    }
  }

  /** The chain of the actor that is driven now; null while none is. */
  get driven(): Chain | null {
    return this.inActor ? this.chain : null;
  }

  /** Key of the place where `chain` waits with `step`, or null; {@link obstacle} says why. */
  key(chain: Chain, step: unknown): string | null {
    this.obstacle = null;
    this.obstacles = [];
    if (this.reported !== step) {
      this.obstacle = { place: '', what: 'code that was not prepared', identity: 0 };
      return null;
    }
    const writer = new KeyWriter(this.bodies);
    for (const { site, values } of chain.frames) {
      if (values === null) {
        this.obstacle = { place: placeOf(site), what: site.slice(site.indexOf('!') + 1), identity: 0 };
        return null;
      }
      writer.text(`\n${site}`);
      this.write(writer, site, values);
    }
    return writer.key;
  }

  private write(writer: KeyWriter, site: string, values: Values): void {
    for (const [i, value] of valuesOf(values).entries()) {
      writer.identity = 0;
      writer.value(value);
      if (writer.identity === 0) continue;
      this.obstacles.push({ place: placeOf(site), what: nameOf(site, i), identity: writer.identity });
    }
  }

  /**
   * Key of a body that an actor starts: its place and what it captured; null where it was not prepared. Things in
   * `names` stand in it by name, so that two bodies can be compared that differ in them.
   */
  bodyKey(body: object, names?: ReadonlyMap<object, string>): string | null {
    const captured = this.bodies.get(body);
    if (captured === undefined) return null;
    const writer = new KeyWriter(this.bodies, names);
    writer.text(captured.site);
    this.write(writer, captured.site, captured.values);
    return writer.key;
  }

  /** Is it a generator function that was prepared? */
  knows(body: object): boolean {
    return this.bodies.has(body);
  }

  /** What a body captured, for those who keep it from being changed. */
  capturedBy(body: object): readonly unknown[] {
    const captured = this.bodies.get(body);
    return captured === undefined ? [] : valuesOf(captured.values);
  }
}

function valuesOf(values: Values): readonly unknown[] {
  try {
    return values();
  } catch {
    // A variable that is not there yet: whoever reads it before it is set gets this very error.
    return ['(not set yet)'];
  }
}

function placeOf(site: string): string {
  return site.slice(0, site.indexOf(' '));
}

function nameOf(site: string, i: number): string {
  return site.slice(site.indexOf(' ') + 1).split(',')[i] ?? '';
}

function sharedVariable(name: string): ScriptMisuse {
  return new ScriptMisuse(
    `an actor changes the variable \`${name}\`, which others can see: keep what actors share in words (lab.word)`,
  );
}

export const live = new Live();
