import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExperimentResult } from '../../main/engine/result.ts';
import { ENGINE_VERSION } from '../../main/engine/version.ts';
import { openStore } from '../../main/store/index.ts';
import { cli, folderWith, quarrel } from './cli.ts';

const NOTEBOOK = quarrel(`{ '*': 'fail' }`);
const OPTIONS = ['--kernel', 'pin-v5,7.2', '--date', '2026-11-24T12:00:00Z'];

const PARENT = `From: Jan Kara <jack@example.org>
To: John Hubbard <jh@example.org>
Subject: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages
Date: Mon, 18 Nov 2019 12:58:29 +0100
Message-ID: <20191118115829.GJ17319@example.org>

Hello.
`;

describe('report', () => {
  test('of a notebook is a mail with verdicts, schedule and command, the same bytes every time', async () => {
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK });
    const { status, out, err } = await cli(['report', 'a.lab.ts', ...OPTIONS], cwd);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^(From|Subject): /);
    expect(out).toContain('"a count above one": fails under pin-v5 and 7.2');
    expect(out).toContain('gupbook replay a.lab.ts');
    expect((await cli(['report', 'a.lab.ts', ...OPTIONS], cwd)).out).toBe(out);
  });

  test('answers a Message-ID or a raw message', async () => {
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK, 'parent.eml': PARENT });
    const id = await cli(['report', 'a.lab.ts', ...OPTIONS, '--in-reply-to', '<x.y@example.org>'], cwd);
    expect(id.out).toContain('In-Reply-To: <x.y@example.org>');
    const raw = await cli(['report', 'a.lab.ts', ...OPTIONS, '--in-reply-to', 'parent.eml'], cwd);
    expect(raw.out).toContain('In-Reply-To: <20191118115829.GJ17319@example.org>');
    expect(raw.out).toContain('Subject: Re: [PATCH v5 17/24] mm/gup: track FOLL_PIN pages');
  });

  test('quotes chosen lines of what it answers, with own words below', async () => {
    const parent = `${PARENT.trimEnd()}\nsecond\nthird\nfourth\n`;
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK, 'parent.eml': parent, 'words.txt': 'It does:\n' });
    const argv = ['report', 'a.lab.ts', ...OPTIONS, '--in-reply-to', 'parent.eml', '--comment', 'words.txt', '--quote'];
    const { out } = await cli([...argv, '1-2,4'], cwd);
    expect(out).toContain('Jan Kara wrote:\n> Hello.\n> second\n[...]\n> fourth\n\nIt does:\n\nA model of this fails');
    for (const [lines, said] of [
      ['5', /^gupbook: report: --quote: the message has 4 lines/],
      ['2-1', /^gupbook: report: --quote takes lines such as 4-9,12/],
      ['x', /^gupbook: report: --quote takes lines/],
    ] as const) {
      const { status, err } = await cli([...argv, lines], cwd);
      expect(status).toBe(2);
      expect(err).toMatch(said);
    }
  });

  test('tells of a whole series: one summary, and what changed', async () => {
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK });
    const { out } = await cli(['report', 'a.lab.ts', ...OPTIONS, '--whole-series'], cwd);
    expect(out).toContain('What changed from pin-v5 to 7.2:\n\n  No verdict changes from one kernel to the next.\n');
    const { out: text } = await cli(['report', 'a.lab.ts', ...OPTIONS, '--format', 'series'], cwd);
    expect(out).toContain(text);
  });

  test('goes to a file when one is named', async () => {
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK });
    const { out } = await cli(['report', 'a.lab.ts', ...OPTIONS, '--format', 'mbox', '-o', 'reply.mbox'], cwd);
    expect(out).toBe('');
    expect(readFileSync(join(cwd, 'reply.mbox'), 'utf8')).toMatch(/^From .*\n(From|Subject): /);
  });

  test('of a script that throws is not made', async () => {
    const cwd = folderWith({ 'a.lab.ts': `${NOTEBOOK}null.x;\n` });
    const { status, out, err } = await cli(['report', 'a.lab.ts', ...OPTIONS], cwd);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/^gupbook: a\.lab\.ts:\d+:6: TypeError: /);
  });

  test('of a stored run is the report of the run that was stored', async () => {
    const cwd = folderWith({ 'a.lab.ts': NOTEBOOK, 'data/.keep': '' });
    const fresh = await cli(['report', 'a.lab.ts', ...OPTIONS, '--budget', '1000', '--seconds', '9'], cwd);
    const runId = await storeRun(cwd);
    const stored = await cli(['report', `${runId}`, ...OPTIONS], cwd);
    expect(stored).toEqual({ status: 0, out: fresh.out, err: '' });
    const none = await cli(['report', `${runId + 1}`], cwd);
    expect(none).toMatchObject({ status: 2, out: '', err: expect.stringMatching(/^gupbook: .*run/) });
  });
});

/** Keeps what the command line finds as the window would. @returns the run's number. */
async function storeRun(cwd: string): Promise<number> {
  const path = join(cwd, 'a.lab.ts');
  const results: ExperimentResult[] = [];
  const { runNotebooks } = await import('../../main/cli/run-notebooks.ts');
  const { readNotebook } = await import('../../main/cli/notebook.ts');
  const { headlessRunner } = await import('../../main/lab/headless-runner.ts');
  const { default: engine } = await import('virtual:gupbook-engine-text');
  const { runOptions } = await import('../../main/cli/run-options.ts');
  const runner = headlessRunner(engine);
  const options = runOptions('run', { kernel: 'pin-v5,7.2', budget: '1000', seconds: '9' });
  const request = { ...options, shard: null, runner, onProgress: () => {} };
  for (const run of await runNotebooks([await readNotebook({ path, file: 'a.lab.ts' })], request))
    results.push(...run.results);
  const store = openStore(join(cwd, 'data/gupbook.sqlite'));
  try {
    const { notebookId } = store.openNotebook(path, NOTEBOOK);
    const { kernels, budget } = options;
    const start = { notebookId, text: NOTEBOOK, cells: null, kernels, budget, engineVersion: ENGINE_VERSION };
    const runId = store.startRun(start);
    for (const result of results) store.addResult(runId, result);
    store.finishRun(runId, { state: 'finished', error: null });
    return runId;
  } finally {
    store.close();
  }
}
