import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../main/store/index.ts';
import { bundle } from '../torture/bundle.mjs';
import { below, random } from '../torture/random.ts';
import { newPath, open, temporaryFolder } from './place.ts';
import { seed } from './seed.ts';

let child: string;

beforeAll(async () => {
  child = await bundle(join(import.meta.dirname, 'child.ts'), 'store-processes');
});

/** What the child printed: one JSON value. */
function ask(...args: string[]): unknown {
  return JSON.parse(execFileSync(process.execPath, [child, ...args], { encoding: 'utf8' }));
}

/** A process that owns the store until it is killed or the test ends. */
async function holder(path: string): Promise<ChildProcess> {
  const process_ = spawn(process.execPath, [child, 'hold', path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void process_.kill('SIGKILL'));
  await once(process_.stdout, 'data');
  return process_;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A store with unsaved text, closed. */
function filled(path: string): void {
  const store = openStore(path);
  store.journal(store.openNotebook('/a.lab.ts', '').notebookId, 'unsaved');
  store.close();
}

describe('two processes', () => {
  it('do not own one store: the second is told at once', async () => {
    const path = newPath();
    await holder(path);
    expect(ask('open', path)).toStrictEqual({
      code: 'locked',
      message: `The store ${path} is open in another Gupbook: go on there, or close it first.`,
    });
    expect(() => open(path)).toThrow(/open in another Gupbook/);
  });

  it('follow each other, however the first ended', async () => {
    const path = newPath();
    const first = await holder(path);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = await holder(path);
    second.stdin?.end();
    await once(second, 'exit');
    expect(open(path).notices).toStrictEqual([]);
  });

  it('may both read, while one owns and writes', () => {
    const path = newPath();
    const store = open(path);
    const { notebookId } = store.openNotebook('/a.lab.ts', '');
    for (const text of ['one', 'two']) {
      store.journal(notebookId, text);
      expect(ask('open', path, 'read')).toStrictEqual({ readOnly: true, unsaved: [text], notices: [] });
    }
    store.journal(notebookId, 'three');
    expect(store.check()).toStrictEqual([]);
  });

  it('lose nothing when another program keeps the file locked: the edit is refused with a sentence', () => {
    const path = newPath();
    const store = open(path);
    const { notebookId } = store.openNotebook('/a.lab.ts', '');
    store.journal(notebookId, 'acknowledged');
    const other = new Database(path);
    other.exec('BEGIN IMMEDIATE');
    expect(() => store.journal(notebookId, 'refused')).toThrow(
      `The store ${path} is being written by another program: close it and try again.`,
    );
    expect(store.recover(notebookId)?.text).toBe('acknowledged');
    other.exec('ROLLBACK');
    other.close();
    store.journal(notebookId, 'accepted');
    expect(store.recover(notebookId)?.text).toBe('accepted');
  });
});

describe('setting a damaged file aside', () => {
  it('loses nothing when it is killed on the way, again and again', { timeout: 60_000 }, async () => {
    const path = newPath();
    const next = random(seed);
    filled(path);
    for (let kill = 0; kill < 12; kill++) {
      damage(path);
      const restoring = spawn(process.execPath, [child, 'open', path], { stdio: 'ignore' });
      const exit = once(restoring, 'exit');
      while (!existsSync(`${path}.fresh`) && restoring.exitCode === null) await pause(1);
      await pause(below(next, 20));
      restoring.kill('SIGKILL');
      await exit;
    }
    damage(path);
    const store = open(path);
    expect(store.unsaved().map(({ text }) => text)).toStrictEqual(['unsaved']);
    expect(store.check()).toStrictEqual([]);
  });

  /** Takes a table away, where there is a store at its place; a killed opening may have left it under another name. */
  function damage(path: string): void {
    if (!existsSync(path)) return;
    const db = new Database(path);
    db.exec('DROP TABLE IF EXISTS settings');
    db.close();
  }
});

describe('a store opened for reading', () => {
  it('gives everything and takes nothing', () => {
    const path = newPath();
    filled(path);
    const store = open(path, { readOnly: true });
    expect(store.unsaved()).toHaveLength(1);
    for (const write of [
      () => store.openNotebook('/b', ''),
      () => store.journal(1, ''),
      () => store.prune({ keep: 0 }),
    ]) {
      expect(write).toThrow(`The store ${path} was opened for reading only: nothing is kept in it.`);
    }
  });

  it('is not made where there is none', () => {
    expect(() => open(newPath(), { readOnly: true })).toThrow(/^There is no store at .*gupbook\.db: /);
  });

  it('must have been brought to the newest schema by an owner', () => {
    const path = newPath();
    filled(path);
    const db = new Database(path);
    db.pragma('user_version = 2');
    db.close();
    expect(() => open(path, { readOnly: true })).toThrow(/written by an older Gupbook/);
  });

  it('says that it was closed', () => {
    const store = open();
    store.close();
    store.close();
    expect(() => store.notebooks()).toThrow(`The store ${store.path} has been closed: start Gupbook again.`);
  });
});

/** Root may write anywhere, so these run as somebody else; other users just take the permission away. */
describe('without permission to write', () => {
  const as = process.getuid?.() === 0 ? 'nobody' : 'open';

  it('the file is named, and can be opened for reading', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'gupbook.db');
    filled(path);
    chmodSync(folder, 0o555);
    chmodSync(path, 0o444);
    expect(ask(as, path)).toStrictEqual({
      code: 'read-only',
      message: expect.stringMatching(
        /^The store .*gupbook\.db cannot be written \(EACCES: .*\): make the file and its/,
      ),
    });
    expect(ask(as, path, 'read')).toStrictEqual({ readOnly: true, unsaved: ['unsaved'], notices: [] });
  });

  it("a new store is refused with the folder's name", () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    expect(ask(as, join(folder, 'gupbook.db'))).toMatchObject({ code: 'read-only' });
  });
});

/** These mount small file systems of their own, in a namespace of their own, where the system lets us. */
describe.skipIf(spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status !== 0)('a disk', () => {
  /** Runs the child with `folder` on a disk made by `mounts`. */
  function askOn(mounts: string, ...args: string[]): unknown {
    const script = `set -e; ${mounts}; exec "$0" "$@"`;
    const output = execFileSync('unshare', ['-rm', 'sh', '-c', script, process.execPath, child, ...args], {
      encoding: 'utf8',
    });
    return JSON.parse(output);
  }

  it('that is full refuses the edit, and keeps every edit acknowledged before', { timeout: 60_000 }, () => {
    const folder = temporaryFolder();
    const answer = askOn(`mount -t tmpfs -o size=3m none ${folder}`, 'fill', join(folder, 'gupbook.db'));
    expect(answer).toMatchObject({
      refused: {
        code: 'full',
        message: expect.stringContaining(
          `The disk is full, and nothing more can be kept in ${folder}/gupbook.db: free`,
        ),
      },
      findings: [],
    });
    const { acknowledged, before } = z
      .object({ acknowledged: z.number(), before: z.string().optional() })
      .parse(answer);
    expect(acknowledged).toBeGreaterThan(10);
    expect(before ?? `edit ${acknowledged}`).toBe(`edit ${acknowledged}`);
  });

  it('that has no room for a store says so', () => {
    const folder = temporaryFolder();
    const answer = askOn(`mount -t tmpfs -o size=16k none ${folder}`, 'open', join(folder, 'gupbook.db'));
    expect(answer).toMatchObject({ code: 'full' });
  });

  it('that is read-only is named, and the store on it can be read', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'gupbook.db');
    filled(path);
    const readOnly = `mount --bind ${folder} ${folder}; mount -o remount,bind,ro ${folder}`;
    expect(askOn(readOnly, 'open', path)).toMatchObject({
      code: 'read-only',
      message: expect.stringContaining('EROFS'),
    });
    expect(askOn(readOnly, 'open', path, 'read')).toStrictEqual({ readOnly: true, unsaved: ['unsaved'], notices: [] });
  });

  it('that became full keeps a damaged store where it is until there is room', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'disk'));
    const path = join(folder, 'disk', 'gupbook.db');
    const damage = `printf 'all my notes' > ${path}`;
    const mounts = `mount -t tmpfs -o size=16k none ${folder}/disk; ${damage}`;
    expect(askOn(mounts, 'open', path)).toMatchObject({ code: 'full' });
    const again = `mount -t tmpfs -o size=1m none ${folder}/disk; ${damage}`;
    expect(askOn(again, 'open', path)).toMatchObject({ readOnly: false, notices: [{ code: 'damaged' }] });
  });
});
