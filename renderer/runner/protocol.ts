/**
 * What the runner realm and its host say to each other, in Electron (worker and main, over a MessagePort) and headless
 * (a Node child). The realm holds the engine and the author's script; the host holds clock, budget and kill switch.
 * Everything that comes out of a realm is untrusted: hosts check its shape and replay failing traces.
 */
import type { ExportFormat } from '../../main/engine/explore/exports.ts';
import type { ExperimentResult, Progress, ScriptError } from '../../main/engine/result.ts';

/** Host to realm, once per realm. */
export interface RunInit {
  /** JavaScript of the notebook (types erased, positions kept). */
  readonly code: string;
  /** Name shown in stack traces; no line ends in it. */
  readonly name: string;
  /** Only experiments whose call stands in one of these 1-based inclusive line ranges are run; null runs all. */
  readonly lines: readonly (readonly [number, number])[] | null;
  /** Kernel ids to run; null leaves it to each experiment's `kernels` option (default: all 15). */
  readonly kernels: readonly string[] | null;
  /** Only experiments whose name contains this text; null for all. */
  readonly only: string | null;
  /** Default budget for one experiment under one kernel. */
  readonly budget: { readonly states: number; readonly seconds: number; readonly bytes?: number };
  /** Tell how large each search will be instead of searching. */
  readonly estimate?: boolean;
  /** Write this down instead of searching; needs `only` as an exact name and one kernel. */
  readonly export?: { readonly format: ExportFormat; readonly count: number };
  /** What is passed over. */
  readonly skip?: readonly Pair[];
  /** Replay this schedule instead of searching; needs `only` as an exact name and one kernel. */
  readonly schedule: string | null;
  /** The schedule was made by hand: its replay ends at the first step that breaks a check, or that is not possible. */
  readonly watched?: boolean;
  /** Ask a second search, which works otherwise, for its verdict too. */
  readonly verify?: boolean;
  /** Keep checkpoints of searches, and go on from some. */
  readonly checkpoint?: CheckpointInit;
}

/** An experiment under a kernel. */
export interface Pair {
  readonly experiment: string;
  readonly kernel: string;
}

export interface CheckpointInit {
  /** Milliseconds between two checkpoints of a search. */
  readonly every: number;
  /** What has its result already and is passed over. */
  readonly done: readonly Pair[];
  /** Searches that go on: their heads, and how many of the texts in {@link RealmHost.saved} are their records, in turn. */
  readonly resume: readonly (Pair & { readonly head: string; readonly texts: number })[];
}

/** Realm to host. `fatal` and `done` are the last message. */
export type RealmMessage =
  | {
      readonly kind: 'plan';
      readonly experiments: readonly {
        readonly name: string;
        readonly line: number;
        readonly kernels: readonly string[];
      }[];
    }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'result'; readonly result: ExperimentResult }
  /** A part of the checkpoint that {@link CheckpointMessage} will complete: base64 of integers, or text of its head. */
  | { readonly kind: 'saved'; readonly part: 'record' | 'head'; readonly text: string }
  | CheckpointMessage
  | { readonly kind: 'export'; readonly text: string }
  | { readonly kind: 'console'; readonly text: string }
  | { readonly kind: 'fatal'; readonly error: ScriptError }
  | { readonly kind: 'done' };

/** Most characters of an export. */
export const LONGEST_EXPORT = 100_000_000;

/** Most characters of a part of a checkpoint. */
export const LONGEST_PART = 500_000;

/** A checkpoint is complete. Where it is `fresh`, its record begins anew; otherwise the parts are added to it. */
export interface CheckpointMessage extends Pair {
  readonly kind: 'checkpoint';
  readonly line: number;
  readonly fresh: boolean;
}

/**
 * What the host gives the realm. `evaluate` runs the script text so that its positions stay exact (importScripts of a
 * blob, or vm.Script) and returns only after it ran; a throw out of it is the script's own error. `live` is what the
 * script's prepared generators call: a parameter around the script, under a name that no author's text may say.
 */
export interface RealmHost {
  /** Columns that `evaluate` puts before the first character of line 1; positions on that line are corrected by it. */
  readonly shift?: number;
  evaluate(code: string, name: string, live: unknown): void;
  /** Milliseconds, monotonic. Used for budgets and progress only; scripts cannot reach it. */
  now(): number;
  /** Records of checkpoints: see {@link CheckpointInit.resume}. */
  readonly saved?: readonly string[];
  send(message: RealmMessage): void;
}

/** The global function `__gupbook` that the engine's text defines: takes the host, returns what runs one script. */
export type StartRealm = (host: RealmHost) => (init: RunInit) => void;

/**
 * Globals that a script finds in its realm, whoever hosts it: the language, without clocks, chance, shared memory, what
 * shows the garbage collector at work, and what makes code of strings. Hosts take everything else away.
 */
export const LANGUAGE_GLOBALS: ReadonlySet<string> = new Set(
  (
    'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Promise RegExp Error ' +
    'AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError globalThis JSON Math ArrayBuffer ' +
    'Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray ' +
    'BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet Proxy Reflect decodeURI ' +
    'decodeURIComponent encodeURI encodeURIComponent escape unescape isFinite isNaN'
  ).split(' '),
);

/**
 * Stands before the author's first character where a script is evaluated by importScripts: its columns of line 1 are
 * moved by so much ({@link RealmHost.shift}). The script is a function inside of the one with the parameter, so that its
 * `arguments` are empty; and what a text that closed the inner function went on with would stand behind the return.
 */
export const SCRIPT_WRAPPER = '__script(function(gupbook$live){return function(){"use strict";';
export const SCRIPT_END = '\n}})';
