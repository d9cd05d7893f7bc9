import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './say.mjs';
import { digest } from './stamp.mjs';

/** Milliseconds between two looks at a lock that another process holds. */
const WAIT = 50;

/** Whoever only checks its stamps is done sooner than this; whoever installs is not. */
const WAITS_UNTIL_TOLD = 40;

/**
 * Runs `work` while no other process of this user does the same for the same folder. A lock whose owner is gone is
 * taken over.
 *
 * @template T
 * @param {string} folder what is being changed
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(folder, work) {
  const lock = join(tmpdir(), `gupbook-${process.getuid?.() ?? 0}-${digest([folder]).slice(0, 16)}.lock`);
  for (let waits = 0; !take(lock); waits += 1) {
    const owner = ownerOf(lock);
    if (owner !== null && !isAlive(owner)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (waits === WAITS_UNTIL_TOLD) say(`Waiting for another set-up of ${folder} (process ${owner}) ...`);
    await pause(WAIT);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * The lock appears together with its owner's number, because a link to a file that is already written is one step.
 *
 * @param {string} lock
 */
function take(lock) {
  const draft = `${lock}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * @param {string} lock
 * @returns {number | null} null where it has just been given back
 */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
