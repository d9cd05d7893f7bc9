/** What the headless runner and its child process say to each other. Types only: both sides are our own code. */
import type { ScriptError } from '../engine/result.ts';

/** Runner to child, once. */
export interface Job {
  /** The child's own text, for its second thread. */
  readonly child: string;
  /** Text of the host's half inside the realm. */
  readonly realm: string;
  /** Text of the engine. */
  readonly engine: string;
  /** JavaScript of the notebook, and its name in stack traces. */
  readonly code: string;
  readonly name: string;
  /** The whole RunInit as JSON: the realm takes text only. */
  readonly init: string;
  /** Limit of the script's heap, and of the resident memory of the process. Megabytes (2^20 bytes). */
  readonly heap: number;
  readonly memory: number;
}

/** Runner to child, before the job: a text that the realm is given. */
export interface SavedText {
  readonly saved: string;
}

/** A 1-based position in the author's file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Child to runner. */
export type ChildMessage =
  /** What the realm wrote, cut anywhere. */
  | { readonly kind: 'text'; readonly text: string }
  /** Resident memory, or the script's heap, went over its limit. */
  | { readonly kind: 'memory' }
  /** Answer to `where`: the innermost line of the script that is running now. */
  | { readonly kind: 'where'; readonly at: Position | null }
  /** The script does not compile. */
  | { readonly kind: 'fatal'; readonly error: ScriptError }
  /** The realm's thread died. */
  | { readonly kind: 'crashed'; readonly message: string }
  /** The realm's thread came to its end. */
  | { readonly kind: 'end' };
