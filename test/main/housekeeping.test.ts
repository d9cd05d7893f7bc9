import { describe, expect, it } from 'vitest';
import { Housekeeping, KEPT_RUNS } from '../../main/housekeeping.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A house with a clock of its own; `did` lists what was done to the store, `noted` what the log was told. */
function house(keepBackup: () => Promise<void> = async () => {}) {
  const did: string[] = [];
  const noted: string[] = [];
  const state = { now: 0, busy: false };
  const housekeeping = new Housekeeping({
    store: {
      keepBackup: async () => {
        did.push('backup');
        await keepBackup();
      },
      prune: ({ keep, olderThan = 0 }) => {
        did.push(`prune ${keep} ${olderThan}`);
        return { runs: 3, traces: 0, texts: 0, bytes: 4096 };
      },
    },
    busy: () => state.busy,
    log: { note: (event) => noted.push(event) },
    now: () => state.now,
  });
  const didAfter = async (milliseconds: number) => {
    state.now += milliseconds;
    did.length = 0;
    await housekeeping.look();
    return [...did];
  };
  return { housekeeping, state, noted, didAfter };
}

describe('the house is kept', () => {
  it('in a quiet moment, the backup before old runs are deleted', async () => {
    const { didAfter, noted } = house();
    expect(await didAfter(MINUTE)).toEqual(['backup', `prune ${KEPT_RUNS.count} ${MINUTE - KEPT_RUNS.age}`]);
    expect(noted).toEqual(['store.pruned']);
  });

  it('never while the window asks for things', async () => {
    const { didAfter, housekeeping } = house();
    for (let i = 0; i < 10; i++) {
      housekeeping.touch();
      expect(await didAfter(10_000)).toEqual([]);
    }
    expect(await didAfter(MINUTE)).toContain('backup');
  });

  it('never during a run', async () => {
    const { didAfter, state } = house();
    state.busy = true;
    expect(await didAfter(HOUR)).toEqual([]);
    state.busy = false;
    expect(await didAfter(0)).toContain('backup');
  });

  it('again after an hour, if something may have changed', async () => {
    const { didAfter, housekeeping } = house();
    await didAfter(MINUTE);
    expect(await didAfter(2 * HOUR)).toEqual([]);
    housekeeping.touch();
    expect(await didAfter(MINUTE)).toEqual(['backup']);
    housekeeping.touch();
    expect(await didAfter(MINUTE)).toEqual([]);
    expect(await didAfter(HOUR)).toEqual(['backup']);
  });

  it('once at a time', async () => {
    let done = () => {};
    const { didAfter, housekeeping } = house(
      () =>
        new Promise((resolve) => {
          done = resolve;
        }),
    );
    const first = didAfter(MINUTE);
    await Promise.resolve();
    await housekeeping.look();
    let stopped = false;
    const stop = housekeeping.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    done();
    await Promise.all([first, stop]);
    expect(await first).toHaveLength(2);
  });

  it('and a failure is for the log', async () => {
    const { didAfter, noted } = house(() => Promise.reject(new Error('the disk is full')));
    expect(await didAfter(MINUTE)).toHaveLength(2);
    expect(noted).toEqual(['store.backup.failed', 'store.pruned']);
  });
});
