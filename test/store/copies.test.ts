import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Store, StoreError } from '../../main/store/index.ts';
import { open, reopen, temporaryFolder } from './place.ts';
import { failed, passed, runOf } from './samples.ts';

/** A store with two notebooks, unsaved text, a finished and a running run. */
function filled(): { readonly store: Store; readonly notebookId: number; readonly runId: number } {
  const store = open();
  const { notebookId } = store.openNotebook('/somewhere/two bios.lab.ts', 'one');
  store.savedNotebook(notebookId, '/somewhere/two bios.lab.ts', 'two');
  const runId = store.startRun(runOf(notebookId, 'two'));
  store.addResult(runId, failed('pin-v5'));
  store.addResult(runId, passed('7.2'));
  store.finishRun(runId, { state: 'finished', error: null });
  store.journal(notebookId, 'three');
  const other = store.openNotebook(null, '').notebookId;
  store.startRun(runOf(other, 'never saved'));
  store.setSetting('theme', 'dark');
  return { store, notebookId, runId };
}

describe('a backup', () => {
  it('made while the store is in use is a whole store', async () => {
    const { store, notebookId, runId } = filled();
    const to = join(temporaryFolder(), 'copy.db');
    const done = store.backup(to);
    store.journal(notebookId, 'typed meanwhile');
    await done;
    store.journal(notebookId, 'typed afterwards');
    const copy = open(to);
    expect(copy.notices).toStrictEqual([]);
    expect(copy.check()).toStrictEqual([]);
    expect(['three', 'typed meanwhile']).toContain(copy.recover(notebookId)?.text);
    expect(copy.getRun(runId)).toStrictEqual(store.getRun(runId));
    expect(reopen(store).recover(notebookId)?.text).toBe('typed afterwards');
  });

  it('replaces an older one, and leaves nothing else behind', async () => {
    const { store, notebookId } = filled();
    const folder = temporaryFolder();
    const to = join(folder, 'copy.db');
    await store.backup(to);
    store.journal(notebookId, 'four');
    await store.backup(to);
    expect(readdirSync(folder)).toStrictEqual(['copy.db']);
    expect(open(to).recover(notebookId)?.text).toBe('four');
  });

  it('that cannot be made leaves the older one, and says why', async () => {
    const { store } = filled();
    const folder = temporaryFolder();
    await expect(store.backup(join(folder, 'missing', 'copy.db'))).rejects.toMatchObject({
      code: 'place',
      message: expect.stringMatching(
        /^The backup cannot be written to .*missing.copy\.db \(ENOENT: .*\): name another/,
      ),
    });
    for (const file of [store.path, `${store.path}-wal`, `${store.path}.lock`]) {
      await expect(store.backup(file)).rejects.toThrow(/which the store uses: name another file/);
    }
    const to = join(folder, 'copy.db');
    writeFileSync(to, 'older');
    const backup = store.backup(to);
    store.close();
    await expect(backup).rejects.toMatchObject({ code: 'closed' });
    expect(readFileSync(to, 'utf8')).toBe('older');
    expect(readdirSync(folder)).toStrictEqual(['copy.db']);
    await expect(store.backup(to)).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('an export', () => {
  it('is everything as plain files', () => {
    const { store, notebookId, runId } = filled();
    const directory = join(temporaryFolder(), 'export');
    expect(store.exportAll(directory)).toStrictEqual({ directory, notebooks: 2, revisions: 4, runs: 2 });
    const read = (...path: string[]) => readFileSync(join(directory, ...path), 'utf8');
    const json = (...path: string[]): unknown => JSON.parse(read(...path));

    const folder = `${notebookId}-two_bios`;
    const files = readdirSync(join(directory, 'notebooks', folder));
    expect(files.map((file) => file.replace(/[0-9a-f]{12}/, 'HASH'))).toStrictEqual([
      '0001-opened-HASH.lab.ts',
      '0002-saved-HASH.lab.ts',
      'unsaved.lab.ts',
    ]);
    expect(files.map((file) => read('notebooks', folder, file))).toStrictEqual(['one', 'two', 'three']);
    expect(json('notebooks.json')).toMatchObject([
      {
        notebookId,
        path: '/somewhere/two bios.lab.ts',
        unsaved: true,
        revisions: [{ reason: 'opened' }, { bytes: 3 }],
      },
      { path: null, folder: expect.stringMatching(/-unsaved$/) },
    ]);
    const trace = failed('pin-v5').failures[0]?.trace;
    expect(json('runs', `${runId}.json`)).toMatchObject({
      runId,
      text: 'two',
      results: [{ verdict: 'fail', failures: [{ trace: { steps: [...(trace?.steps ?? [])] } }] }, { verdict: 'pass' }],
    });
    expect(json('settings.json')).toMatchObject({ settings: [{ key: 'theme', value: 'dark' }] });
  });

  it('takes an empty folder, and no other', () => {
    const { store } = filled();
    const directory = temporaryFolder();
    store.exportAll(directory);
    const before = readdirSync(directory);
    expect(() => store.exportAll(directory)).toThrow(
      `The folder ${directory} is not empty: name a new or an empty one`,
    );
    expect(readdirSync(directory)).toStrictEqual(before);
    expect(existsSync(`${directory}.partial`)).toBe(false);
  });

  it('that cannot be written says why, and leaves nothing', () => {
    const { store } = filled();
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect(() => store.exportAll(join(folder, 'file', 'export'))).toThrow(StoreError);
    mkdirSync(join(folder, 'sub'));
    expect(() => store.exportAll(dirname(store.path))).toThrow(/is not empty/);
    expect(readdirSync(folder).sort()).toStrictEqual(['file', 'sub']);
  });

  it('gives every notebook a file name that is safe', () => {
    const store = open();
    for (const path of ['/x/..lab.ts', '/x/\u00e9\u4e2d.lab.ts', `/x/${'a'.repeat(300)}.lab.ts`, '/x/$(rm).lab.ts']) {
      store.openNotebook(path, path);
    }
    const directory = join(temporaryFolder(), 'export');
    store.exportAll(directory);
    const folders = readdirSync(join(directory, 'notebooks'));
    expect(folders).toHaveLength(4);
    for (const folder of folders) expect(folder).toMatch(/^\d-[A-Za-z0-9_-][A-Za-z0-9._-]{0,59}$/);
  });
});
