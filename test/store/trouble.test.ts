import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { IN_MEMORY, openStore, type Store, StoreError } from '../../main/store/index.ts';
import { SCHEMA_VERSION } from '../../main/store/schema.ts';
import { below, random } from '../torture/random.ts';
import { newPath, open, temporaryFolder } from './place.ts';
import { failed, passed, runOf, traceOf } from './samples.ts';
import { seed } from './seed.ts';

/** The error that opening gives; a test fails where there is none. */
function refusal(path: string, readOnly = false): StoreError {
  try {
    openStore(path, { readOnly }).close();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('the store was opened');
}

function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function withRaw(path: string, change: (db: Database.Database) => void): void {
  const db = new Database(path);
  change(db);
  db.close();
}

/** A closed store with a good deal in it: two notebooks, unsaved text, ten runs. */
function filled(path: string): void {
  const store = openStore(path);
  const { notebookId } = store.openNotebook('/a.lab.ts', 'text of a');
  store.openNotebook('/b.lab.ts', 'text of b');
  for (let n = 0; n < 10; n++) {
    const runId = store.startRun(runOf(notebookId, `text ${n}`));
    store.addResult(runId, failed('pin-v5', traceOf(200, n)));
    store.addResult(runId, passed('7.2'));
    store.finishRun(runId, { state: 'finished', error: null });
  }
  store.journal(notebookId, 'unsaved text of a');
  store.setSetting('theme', 'dark');
  store.close();
}

function keptOf(path: string): readonly string[] {
  return readdirSync(dirname(path)).filter(
    (name) => name.startsWith(`${basename(path)}.damaged-`) && !name.endsWith('-wal'),
  );
}

/** A store must work, whatever has happened to its file. */
function expectUsable(store: Store): void {
  const { notebookId } = store.openNotebook('/new.lab.ts', 'new');
  store.journal(notebookId, 'newer');
  const runId = store.startRun(runOf(notebookId, 'new'));
  store.addResult(runId, passed('7.2'));
  store.finishRun(runId, { state: 'finished', error: null });
  expect(store.recover(notebookId)?.text).toBe('newer');
  expect(store.getRun(runId).results).toStrictEqual([passed('7.2')]);
  expect(store.check()).toStrictEqual([]);
}

describe('a file that is not ours to use', () => {
  it('is left as it is when a newer Gupbook wrote it', () => {
    const path = newPath();
    filled(path);
    withRaw(path, (db) => db.pragma(`user_version = ${SCHEMA_VERSION + 4}`));
    const before = hashOf(path);
    for (const error of [refusal(path), refusal(path, true)]) {
      expect(error.code).toBe('newer');
      expect(error.message).toBe(
        `The store ${path} was written by a newer Gupbook (schema ${SCHEMA_VERSION + 4}, this one knows ` +
          `${SCHEMA_VERSION}): update Gupbook, or name another file for the store.`,
      );
    }
    expect(hashOf(path)).toBe(before);
    expect(keptOf(path)).toStrictEqual([]);
  });

  it("is left as it is when it is another program's database", () => {
    const path = newPath();
    withRaw(path, (db) => db.exec('CREATE TABLE contacts (name TEXT)'));
    const before = hashOf(path);
    expect(refusal(path)).toMatchObject({ code: 'foreign', message: expect.stringContaining('another program') });
    expect(refusal(path, true).code).toBe('foreign');
    expect(hashOf(path)).toBe(before);
  });
});

describe('a place that cannot be used', () => {
  it('is named when it is a folder, or lies in a file', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'gupbook.db'));
    expect(refusal(join(folder, 'gupbook.db')).code).toBe('place');
    writeFileSync(join(folder, 'file'), '');
    const error = refusal(join(folder, 'file', 'gupbook.db'));
    expect(error.code).toBe('place');
    expect(error.message).toMatch(/^The store cannot be opened at .*: name a folder that exists/);
  });

  it('is made when its folders are missing', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'gupbook.db');
    expectUsable(open(path));
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });

  it('can be done without: a store in memory works until it is closed', async () => {
    const store = open(IN_MEMORY);
    expectUsable(store);
    await expect(store.keepBackup()).rejects.toThrow(/in memory only/);
  });
});

describe('a damaged file', () => {
  const damages: readonly { readonly name: string; readonly damage: (path: string) => void; readonly viaSql?: true }[] =
    [
      { name: 'that is no database', damage: (path) => writeFileSync(path, 'all my notes\n'.repeat(1000)) },
      { name: 'whose header is gone', damage: (path) => overwrite(path, 0, 100) },
      {
        name: 'that is cut off',
        damage: (path) => truncateSync(path, Math.floor(statSync(path).size / 2 / 4096) * 4096),
      },
      { name: 'that is cut off within a page', damage: (path) => truncateSync(path, statSync(path).size - 1000) },
      { name: 'whose table of contents is gone', damage: (path) => overwrite(path, 100, 3996) },
      { name: 'whose middle is gone', damage: (path) => overwrite(path, 5 * 4096, 4 * 4096) },
      {
        name: 'that lacks a table',
        damage: (path) => withRaw(path, (db) => db.exec('DROP TABLE settings')),
        viaSql: true,
      },
      {
        name: 'whose version is wrong',
        damage: (path) => withRaw(path, (db) => db.pragma('user_version = 1')),
        viaSql: true,
      },
      {
        name: 'whose version is negative',
        damage: (path) => withRaw(path, (db) => db.pragma('user_version = -1')),
        viaSql: true,
      },
    ];

  it.each(damages)('$name is kept under another name, and a new one is used', ({ damage, viaSql }) => {
    const path = newPath();
    filled(path);
    damage(path);
    const before = hashOf(path);
    const store = open(path);
    const [notice] = store.notices;
    const [kept] = keptOf(path);
    expect(store.notices).toHaveLength(1);
    expect(notice?.code).toBe('damaged');
    expect(notice?.message).toContain(`The store ${path} was damaged (`);
    expect(notice?.message).toContain(`is kept as ${kept}`);
    if (!viaSql) expect(hashOf(join(dirname(path), kept ?? ''))).toBe(before);
    expectUsable(store);
    store.close();
    expect(open(path).notices).toStrictEqual([]);
    expect(keptOf(path)).toHaveLength(1);
  });

  it('gives back what can still be read of it: a lost table costs that table alone', () => {
    const path = newPath();
    filled(path);
    withRaw(path, (db) => db.exec('DROP TABLE settings'));
    const store = open(path);
    expect(store.notices[0]?.message).toMatch(/a new one starts with \d+ entries that could still be read of it/);
    const { notebookId } = store.openNotebook('/a.lab.ts', 'text of a');
    expect(store.recover(notebookId)?.text).toBe('unsaved text of a');
    const runs = store.listRuns(notebookId).map(({ runId }) => store.getRun(runId));
    expect(runs.map(({ text }) => text)).toStrictEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `text ${n}`));
    expect(runs[0]?.results).toStrictEqual([failed('pin-v5', traceOf(200, 9)), passed('7.2')]);
    expect(store.revisions(notebookId)).toHaveLength(12);
  });

  it('is restored from the kept backup, with what came after it', async () => {
    const path = newPath();
    filled(path);
    const store = open(path);
    const { notebookId } = store.openNotebook('/a.lab.ts', 'text of a');
    await store.keepBackup();
    store.journal(notebookId, 'typed after the backup');
    const later = store.openNotebook('/later.lab.ts', 'later').notebookId;
    store.close();
    withRaw(path, (db) => db.exec('DROP TABLE settings; DROP TABLE result_traces'));
    const again = open(path);
    expect(again.notices[0]?.message).toMatch(/starts with the backup of 20\d\d-.*Z and [1-9]\d* entries that could/);
    expect(again.setting('theme')).toBe('dark');
    expect(again.recover(notebookId)?.text).toBe('typed after the backup');
    expect(again.notebookAt('/later.lab.ts')?.notebookId).toBe(later);
    const [run] = again.listRuns(notebookId);
    expect(again.getRun(run?.runId ?? 0).results).toStrictEqual([failed('pin-v5', traceOf(200, 9)), passed('7.2')]);
    expectUsable(again);
  });

  it('is restored from the backup alone when nothing else is left', async () => {
    const path = newPath();
    filled(path);
    const store = open(path);
    await store.keepBackup();
    store.close();
    for (const damage of [() => truncateSync(path, 0), () => overwrite(path, 0, statSync(path).size)]) {
      damage();
      const again = open(path);
      expect(again.notices[0]?.message).toMatch(/starts with the backup of 20\d\d-[^ ]*Z: look there/);
      expect(again.unsaved().map(({ text }) => text)).toStrictEqual(['unsaved text of a']);
      expect(again.check()).toStrictEqual([]);
      again.close();
    }
    expect(keptOf(path)).toHaveLength(2);
  });

  it('does not take a damaged backup for a sound one', async () => {
    const path = newPath();
    filled(path);
    const store = open(path);
    await store.keepBackup();
    store.close();
    overwrite(`${path}.backup`, 0, 4096);
    withRaw(path, (db) => db.exec('DROP TABLE settings'));
    const again = open(path);
    expect(again.notices[0]?.message).not.toContain('backup');
    expect(again.unsaved()).toHaveLength(1);
  });

  it('is replaced at the next start when that was interrupted before the new file had its name', () => {
    const path = newPath();
    filled(`${path}.fresh`);
    const store = open(path);
    expect(store.notices).toStrictEqual([]);
    expect(store.unsaved()).toHaveLength(1);
    expect(existsSync(`${path}.fresh`)).toBe(false);
  });

  it('is set aside when only its search index cannot be read', () => {
    const path = newPath();
    filled(path);
    // SQLite lets nobody write there otherwise; a disk does.
    withRaw(path, (db) => db.unsafeMode().exec("UPDATE text_words_config SET v = 0 WHERE k = 'version'"));
    const store = open(path);
    expect(store.notices).toHaveLength(1);
    expect(store.unsaved()).toHaveLength(1);
    expect(store.search('pin')).toBeInstanceOf(Array);
  });

  it('never keeps the store from opening, whatever bytes were changed', { timeout: 120_000 }, () => {
    const original = newPath();
    filled(original);
    const size = statSync(original).size;
    const next = random(seed);
    for (let round = 0; round < 40; round++) {
      const path = newPath();
      copyFileSync(original, path);
      for (let flips = 1 + below(next, 8); flips > 0; flips--)
        overwrite(path, below(next, size), 1 + below(next, 40), next);
      let store: Store;
      try {
        store = open(path);
      } catch (error) {
        // A changed version number or mark cannot be told from another program's.
        expect(error).toMatchObject({ name: 'StoreError', code: expect.stringMatching(/^(newer|foreign)$/) });
        continue;
      }
      expect(keptOf(path)).toHaveLength(store.notices.length);
      for (const { notebookId } of store.notebooks()) {
        for (const { runId } of store.listRuns(notebookId)) readOrDamaged(() => store.getRun(runId));
      }
      store.openNotebook('/new.lab.ts', 'new');
      store.close();
    }
  });
});

describe('damage in what is read', () => {
  it('costs the run it is in, and the sentence says which', () => {
    const path = newPath();
    filled(path);
    withRaw(path, (db) => {
      db.exec("UPDATE traces SET body = x'00' WHERE trace_id = 1; UPDATE results SET body = '{' WHERE run_id = 2");
      db.exec("UPDATE runs SET request = '[]' WHERE run_id = 3; DELETE FROM result_traces WHERE result_id = 7");
      db.exec("UPDATE texts SET body = x'00' WHERE text_id = (SELECT text_id FROM runs WHERE run_id = 5)");
    });
    const store = open(path);
    expect(store.notices).toStrictEqual([]);
    expect(() => store.getRun(1)).toThrow(/^Trace 1 in .* is damaged: run the experiment again/);
    for (const runId of [2, 3, 4]) expect(() => store.getRun(runId)).toThrow(`Run ${runId} in ${path} is damaged`);
    expect(() => store.getRun(5)).toThrow(/^The text [0-9a-f]{12} in .* is damaged/);
    expect(store.getRun(6).results).toHaveLength(2);
    expect(store.check()).toHaveLength(2);
  });
});

function readOrDamaged(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    expect(error).toMatchObject({ name: 'StoreError', code: 'damaged' });
  }
}

/** Overwrites bytes with random ones, or with 0xa5. */
function overwrite(path: string, at: number, length: number, next?: () => number): void {
  const bytes = readFileSync(path);
  const end = Math.min(bytes.length, at + length);
  for (let i = at; i < end; i++) bytes[i] = next === undefined ? 0xa5 : below(next, 256);
  writeFileSync(path, bytes);
}
