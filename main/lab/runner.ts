/**
 * What runs a script away from everything trusted: a sandboxed renderer process in the application, a Node child
 * headless. Both give this interface, so that nothing else needs to know which one it has.
 */
import type { RealmMessage, RunInit } from '../../renderer/runner/protocol.ts';

export type { CheckpointInit, CheckpointMessage, Pair, RealmMessage } from '../../renderer/runner/protocol.ts';
export type { ExportFormat } from '../engine/explore/exports.ts';

/**
 * How a run ended. `done`: the script and its searches came to an end, and every result was sent. `stopped`: by the
 * user. All others cut the run off; `message` is one sentence for people.
 */
export interface RunEnd {
  readonly kind: 'done' | 'stopped' | 'time-limit' | 'memory-limit' | 'output-limit' | 'crashed' | 'protocol';
  readonly message: string;
  /** Where the script was when it was cut off, 1-based in the author's file; null where nobody could tell. */
  readonly at: { readonly line: number; readonly column: number } | null;
}

/** Limits that no script can argue with: the process is killed. Searches have budgets of their own, inside them. */
export interface RunLimits {
  /** A realm that sends nothing for so long is no longer in the engine's hands (`for (;;) {}`). Seconds. */
  readonly silence: number;
  /** Wall time of the whole run. Seconds. */
  readonly wall: number;
  /** Resident memory of the process. Megabytes (2^20 bytes). */
  readonly memory: number;
  /** What a run may send in all. Bytes. */
  readonly output: number;
}

/** A run that has been started. */
export interface RunHandle {
  /** Settles once, never rejects. After it, `onMessage` is not called any more. */
  readonly ended: Promise<RunEnd>;
  /** Kills the process at once. Harmless after the end. */
  stop(): void;
}

export interface Runner {
  /**
   * `onMessage` gets messages whose shape was checked, in the order they were sent. `saved` are the records of
   * checkpoints in `init`; a runner that cannot go on from checkpoints has no use for them.
   */
  start(
    init: RunInit,
    limits: RunLimits,
    onMessage: (message: RealmMessage) => void,
    saved?: readonly string[],
  ): RunHandle;
  /** Kills what is running and what is kept warm. */
  close(): void;
}

/** Limits for a run whose searches have `seconds` each: the wall limit grows when the plan is known, see runs.ts. */
export const DEFAULT_LIMITS: RunLimits = { silence: 30, wall: 3600, memory: 1500, output: 256 * 2 ** 20 };
