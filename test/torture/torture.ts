/** Kills a process that works on a store, at random moments, and looks each time whether anything was lost. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../main/store/index.ts';
import { Judge } from './judge.ts';
import { below, type Random, random } from './random.ts';

export interface Torture {
  readonly kills: number;
  readonly seed: number;
  /** The victim, bundled: see bundle.mjs. */
  readonly victim: string;
  /** Told after every kill. */
  readonly progress?: (kills: number) => void;
}

export interface Verdict {
  readonly kills: number;
  /** Kills that met the victim while it opened the store or before. */
  readonly killedOpening: number;
  readonly acknowledged: number;
  /** A sentence for every acknowledged edit, save or result that was not there. */
  readonly lost: readonly string[];
  /** A sentence for every database that was damaged. */
  readonly damaged: readonly string[];
}

export async function torture({ kills, seed, victim, progress }: Torture): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'gupbook-torture-'));
  const path = join(folder, 'gupbook.db');
  const log = join(folder, 'log');
  const next = random(seed);
  const judge = new Judge();
  const lost: string[] = [];
  const damaged: string[] = [];
  let killedOpening = 0;
  try {
    for (let kill = 1; kill <= kills; kill++) {
      writeFileSync(log, '');
      const args = [victim, path, log, String(below(next, 2 ** 31)), String(judge.next)];
      const ready = await killed(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] }), next);
      if (!ready) killedOpening++;
      judge.read(readFileSync(log, 'utf8'));
      const store = openStore(path);
      try {
        damaged.push(...store.notices.map(({ message }) => message), ...store.check());
        lost.push(...judge.lost(store));
      } finally {
        store.close();
      }
      progress?.(kill);
    }
    return { kills, killedOpening, acknowledged: judge.acknowledged, lost, damaged };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills the victim up to 300 ms after it began to work, or, one time in six, while it starts. */
async function killed(child: ChildProcess, next: Random): Promise<boolean> {
  const exit = once(child, 'exit');
  let ready = false;
  const began = new Promise<void>((resolve) => {
    child.stdout?.once('data', () => {
      ready = true;
      resolve();
    });
  });
  if (below(next, 6) === 0) await pause(below(next, 200));
  else await Promise.race([began.then(() => pause(below(next, 300))), exit]);
  child.kill('SIGKILL');
  const [, signal] = await exit;
  if (signal !== 'SIGKILL') throw new Error('the victim died by itself: see its message above');
  return ready;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
