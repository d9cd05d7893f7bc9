import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Dialogs, Notebooks } from '../../main/notebooks.ts';
import { IN_MEMORY, openStore, type Store } from '../../main/store/index.ts';
import type { Outcome } from '../../preload/contract.ts';

let folder: string;
let scenarios: string;
let store: Store;
let notebooks: Notebooks;
/** What the user answers to the next dialog, and what it suggested. */
let answer: string | null = null;
let suggested: string | null = null;

const dialogs: Dialogs = {
  chooseOpen: async () => answer,
  chooseRecording: async () => answer,
  chooseMail: async () => answer,
  chooseSave: async (name) => {
    suggested = name;
    return answer;
  },
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gupbook-notebooks-'));
  scenarios = join(folder, 'scenarios');
  mkdirSync(scenarios);
  writeFileSync(join(scenarios, 'bias.lab.ts'), '// %% [markdown] Why a bias\n// Text\n');
  writeFileSync(join(folder, 'mine.lab.ts'), 'one');
  store = openStore(IN_MEMORY);
  notebooks = new Notebooks({ store, dialogs, scenarios });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true });
});

function given<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
const mine = () => join(folder, 'mine.lab.ts');
const shipped = () => join(scenarios, 'bias.lab.ts');

async function openMine(): Promise<number> {
  answer = mine();
  return given(await notebooks.openDialog())?.notebookId ?? 0;
}

describe('opening', () => {
  it('reads what was chosen in a dialog', async () => {
    answer = mine();
    expect(given(await notebooks.openDialog())).toMatchObject({ path: mine(), text: 'one', shipped: false });
  });

  it('opens nothing when the dialog is called off', async () => {
    answer = null;
    expect(given(await notebooks.openDialog())).toBeNull();
  });

  it('refuses a path that nobody named', async () => {
    expect(await notebooks.open(mine())).toMatchObject({ ok: false });
    expect(await notebooks.open('/etc/passwd')).toMatchObject({ ok: false });
    expect(await notebooks.open(join(scenarios, '../mine.lab.ts'))).toMatchObject({ ok: false });
  });

  it('opens again what was opened before, and shipped scenarios', async () => {
    await openMine();
    const later = new Notebooks({ store, dialogs, scenarios });
    expect(given(await later.open(mine())).text).toBe('one');
    expect(given(await later.open(shipped()))).toMatchObject({ shipped: true });
  });

  it('follows no link out of the scenarios', async () => {
    symlinkSync(mine(), join(scenarios, 'link.lab.ts'));
    expect(await notebooks.open(join(scenarios, 'link.lab.ts'))).toMatchObject({ ok: false });
  });

  it('says what is wrong with a file in one sentence', async () => {
    answer = join(folder, 'nothing.lab.ts');
    await expect(notebooks.openDialog()).rejects.toThrow(/nothing\.lab\.ts: there is no such file/);
  });
});

describe('saving', () => {
  it('writes the text where the notebook was opened', async () => {
    const id = await openMine();
    expect(given(await notebooks.save(id, mine(), 'two'))).toEqual({ path: mine() });
    expect(readFileSync(mine(), 'utf8')).toBe('two');
    expect(given(await notebooks.save(id, mine(), 'three'))).toEqual({ path: mine() });
  });

  it('does not overwrite what another program wrote meanwhile', async () => {
    const id = await openMine();
    writeFileSync(mine(), 'theirs');
    expect(await notebooks.save(id, mine(), 'ours')).toMatchObject({ ok: false });
    expect(readFileSync(mine(), 'utf8')).toBe('theirs');
  });

  it('brings a file back that was deleted meanwhile', async () => {
    const id = await openMine();
    rmSync(mine());
    given(await notebooks.save(id, mine(), 'two'));
    expect(readFileSync(mine(), 'utf8')).toBe('two');
  });

  it('writes nowhere else', async () => {
    const id = await openMine();
    expect(await notebooks.save(id, join(folder, 'other.lab.ts'), 'x')).toMatchObject({ ok: false });
  });

  it('leaves shipped scenarios as they are', async () => {
    const { notebookId } = given(await notebooks.open(shipped()));
    expect(await notebooks.save(notebookId, shipped(), 'x')).toMatchObject({ ok: false });
    answer = shipped();
    expect(await notebooks.saveDialog(notebookId, 'bias.lab.ts', 'x')).toMatchObject({ ok: false });
    expect(readFileSync(shipped(), 'utf8')).toContain('Why a bias');
  });

  it('asks for a place beside the notebook, and saves there from then on', async () => {
    const id = await openMine();
    answer = join(folder, 'copy.lab.ts');
    expect(given(await notebooks.saveDialog(id, '../evil/copy.lab.ts', 'two'))).toEqual({ path: answer });
    expect(suggested).toBe(join(folder, 'copy.lab.ts'));
    given(await notebooks.save(id, answer, 'three'));
    expect(readFileSync(answer, 'utf8')).toBe('three');
    expect(readFileSync(mine(), 'utf8')).toBe('one');
  });
});

describe('what was open last', () => {
  it('is nothing at first', async () => {
    expect(given(await notebooks.last())).toBeNull();
  });

  it('comes back with text that was not saved', async () => {
    const id = await openMine();
    notebooks.journal(id, 'unsaved');
    expect(given(await notebooks.last())).toMatchObject({ path: mine(), text: 'one', recovered: 'unsaved' });
  });

  it('comes back as text alone where its file is gone', async () => {
    await openMine();
    rmSync(mine());
    expect(given(await notebooks.last())).toMatchObject({ path: null, recovered: 'one' });
  });

  it('gives way to a file named on the command line, once', async () => {
    await openMine();
    notebooks.nameFirst(shipped());
    expect(given(await notebooks.last())?.path).toBe(shipped());
    expect(given(await notebooks.last())?.path).toBe(shipped());
  });
});

it('scenarios are listed by title', async () => {
  expect(await notebooks.scenarios()).toEqual([{ path: shipped(), title: 'Why a bias' }]);
});
