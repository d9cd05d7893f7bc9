/**
 * What is done while nobody waits: the backup from which a damaged store is restored, and the deletion of old runs.
 * Idle is: no request of the window for a while and no run going on.
 */
import { faultOf } from './diagnostics/fault.ts';
import type { Log } from './diagnostics/log.ts';
import type { Store } from './store/index.ts';

/** Milliseconds without a request before anything is done. */
const QUIET = 30_000;
/** Milliseconds between two backups, or two tries. */
const BACKUP_EVERY = 3_600_000;
/** Milliseconds between two deletions of old runs. */
const PRUNE_EVERY = 86_400_000;
/** How often it is looked whether it is time, in milliseconds. */
const LOOK = 10_000;

/** Runs that stay however old they are, of each notebook; and the age in milliseconds up to which all of them stay. */
export const KEPT_RUNS = { count: 200, age: 180 * 86_400_000 } as const;

export interface HousekeepingParts {
  readonly store: Pick<Store, 'keepBackup' | 'prune'>;
  /** Whether a run is going on. */
  readonly busy: () => boolean;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class Housekeeping {
  readonly #parts: HousekeepingParts;
  #active: number;
  /** Nothing has changed since the last backup. */
  #clean = false;
  #backedUp = Number.NEGATIVE_INFINITY;
  #pruned = Number.NEGATIVE_INFINITY;
  #working: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#active = parts.now();
  }

  /** Looks from now on, now and then. */
  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK);
  }

  /** Does nothing more; resolves when what is being done is over. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#working;
  }

  /** The window asked for something: it is in use, and the store may have changed. */
  touch(): void {
    this.#active = this.#parts.now();
    this.#clean = false;
  }

  /** Does what is due, if this is a quiet moment. */
  async look(): Promise<void> {
    const { busy, now } = this.#parts;
    const since = now();
    if (this.#working !== null || busy() || since - this.#active < QUIET) return;
    this.#working = this.#work(since).finally(() => {
      this.#working = null;
    });
    await this.#working;
  }

  /** The backup first: what is deleted after it can still be had. */
  async #work(since: number): Promise<void> {
    if (!this.#clean && since - this.#backedUp >= BACKUP_EVERY) {
      this.#backedUp = since;
      this.#clean = true;
      await this.#attempt('backup', () => this.#parts.store.keepBackup());
    }
    if (since - this.#pruned >= PRUNE_EVERY) {
      this.#pruned = since;
      await this.#attempt('prune', () => {
        const { runs, bytes } = this.#parts.store.prune({ keep: KEPT_RUNS.count, olderThan: since - KEPT_RUNS.age });
        if (runs > 0) this.#parts.log.note('store.pruned', { runs, bytes });
      });
    }
  }

  /** What fails here is no reason to disturb anybody; it is tried again when it is due again. */
  async #attempt(what: string, work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      this.#parts.log.note(`store.${what}.failed`, faultOf(thrown));
    }
  }
}
