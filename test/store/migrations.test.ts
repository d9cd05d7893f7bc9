import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { APPLICATION_ID, MIGRATIONS, migrate, SCHEMA_VERSION, userVersion } from '../../main/store/schema.ts';
import { newPath, open } from './place.ts';
import { passed, runOf } from './samples.ts';

const versions = Array.from({ length: SCHEMA_VERSION + 1 }, (_, version) => version);

/** A database as the Gupbook of that schema version left it, with a row in the tables that there were. */
function databaseOf(version: number, path: string): void {
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  for (let i = 0; i < version; i++) db.exec(MIGRATIONS[i] ?? '');
  db.pragma(`user_version = ${version}`);
  if (version >= 1) {
    db.pragma(`application_id = ${APPLICATION_ID}`);
    const sha256 = createHash('sha256').update('old text').digest();
    // "old text", deflated by hand: one stored block.
    const body = Buffer.concat([Buffer.from([1, 8, 0, 0xf7, 0xff]), Buffer.from('old text')]);
    db.prepare('INSERT INTO texts VALUES (1, ?, 8, ?)').run(sha256, body);
    db.prepare("INSERT INTO notebooks VALUES (1, '/old.lab.ts', 1000, 1, 1, 0)").run();
    db.prepare("INSERT INTO revisions VALUES (1, 1, 1, 1000, 'opened')").run();
    db.prepare("INSERT INTO journal VALUES (1, 4, 2000, 'unsaved')").run();
  }
  if (version >= 2) {
    const request = '{"cells":null,"kernels":null,"budget":{"states":1,"seconds":1}}';
    const values = "1, 1, 1, '/old.lab.ts', '0.0.1', ?, 3000, 0.5, 'finished', NULL";
    db.prepare(`INSERT INTO runs VALUES (${values}${version >= 4 ? ', 0' : ''})`).run(request);
  }
  if (version >= 3) db.prepare("INSERT INTO settings VALUES ('theme', 'dark')").run();
  db.close();
}

function schemaOf(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    return db.prepare("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name").all();
  } finally {
    db.close();
  }
}

describe('migrations', () => {
  it.each(versions)('bring a store of schema version %i to the newest, with everything in it', (version) => {
    const path = newPath();
    databaseOf(version, path);
    const store = open(path);
    expect(store.notices).toStrictEqual([]);
    if (version >= 1) {
      expect(store.openNotebook('/old.lab.ts', 'old text')).toStrictEqual({ notebookId: 1, recovered: 'unsaved' });
      expect(store.revisions(1)).toHaveLength(1);
    }
    if (version >= 2) expect(store.getRun(1)).toMatchObject({ text: 'old text', seconds: 0.5, results: [] });
    if (version >= 3) expect(store.setting('theme')).toBe('dark');
    if (version >= 1) expect(store.search('old')).toMatchObject([{ path: '/old.lab.ts', line: 1, text: 'old text' }]);

    const { notebookId } = store.openNotebook('/new.lab.ts', 'new');
    const runId = store.startRun(runOf(notebookId, 'new'));
    store.addResult(runId, passed('7.2'));
    store.setSetting('theme', 'light');
    expect(store.check()).toStrictEqual([]);
    store.close();

    const fresh = newPath();
    open(fresh).close();
    expect(schemaOf(path)).toStrictEqual(schemaOf(fresh));
  });

  it.each(versions.slice(1, -1))('keep a copy of a store of schema version %i as it was', (version) => {
    const path = newPath();
    databaseOf(version, path);
    open(path).close();
    const copy = new Database(`${path}.schema-${version}`, { readonly: true });
    expect(userVersion(copy)).toBe(version);
    expect(copy.prepare('SELECT text FROM journal').pluck().get()).toBe('unsaved');
    copy.close();
  });

  it('keep no copy of what is new or up to date', () => {
    for (const version of [0, SCHEMA_VERSION]) {
      const path = newPath();
      databaseOf(version, path);
      open(path).close();
      expect(existsSync(`${path}.schema-${version}`)).toBe(false);
    }
  });

  it('change nothing where one of them fails', () => {
    const db = new Database(':memory:');
    db.exec('CREATE TABLE journal (something TEXT)');
    expect(() => migrate(db)).toThrow(/journal already exists/);
    expect(userVersion(db)).toBe(0);
    expect(db.prepare('SELECT name FROM sqlite_schema').pluck().all()).toStrictEqual(['journal']);
    db.close();
  });

  it('are never edited once released: the next change is a new one', () => {
    const hash = (sql: string) => createHash('sha256').update(sql).digest('hex').slice(0, 16);
    expect(MIGRATIONS.map(hash)).toStrictEqual([
      '62437f7304e6ba4c',
      'c4a7a6e297f358e1',
      'a40f2a84abfe8be0',
      '03151768a69eab09',
    ]);
  });
});
