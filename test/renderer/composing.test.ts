import { describe, expect, it } from 'vitest';
import { perform } from '../../renderer/app/commands.ts';
import {
  changeMail,
  copyMail,
  goToLine,
  openReported,
  readFromFile,
  readPasted,
  saveMail,
  ticked,
  toggleLine,
  toggleParagraph,
} from '../../renderer/app/composing.ts';
import { start } from '../../renderer/app/files.ts';
import type { ComposeOverlay } from '../../renderer/app/state.ts';
import { type FakeApp, fakeApp, MAIL, settle, storedRun, summary } from './fake-app.ts';
import { result } from './traces.ts';

/** The pane over a notebook that ran once: two experiments under two kernels. */
async function opened(ran = true): Promise<FakeApp> {
  const app = fakeApp();
  if (ran) {
    const results = ['first', 'second'].flatMap((experiment) =>
      ['pin-v5', '7.2'].map((kernel) => result({ experiment, kernel })),
    );
    app.bridge.answers['run:list'] = () => ({ ok: true, value: [summary(3)] });
    app.bridge.answers['run:get'] = (runId) => ({ ok: true, value: storedRun(runId, { results }) });
  }
  await start(app);
  perform(app, 'mail.open');
  await settle();
  return app;
}

function pane(app: FakeApp): ComposeOverlay {
  const { overlay } = app.store.get();
  if (overlay?.kind !== 'compose') throw new Error('the pane is closed');
  return overlay;
}

describe('the pane that answers a mail', () => {
  it('writes the mail at once, about everything that ran', async () => {
    const app = await opened();
    expect(app.bridge.last('mail:compose')).toMatchObject([
      { runId: 3, experiments: ['first', 'second'], kernels: ['pin-v5', '7.2'], mailId: null, quote: [] },
    ]);
    expect(pane(app).composed?.text).toBe('a mail that quotes \n');
  });

  it('can still read a mail where nothing ran', async () => {
    const app = await opened(false);
    expect(pane(app)).toMatchObject({ runId: null, composed: null });
    await readPasted(app, 'From: Jan');
    expect(pane(app).mail?.title).toBe('From: Jan');
    expect(app.bridge.count('mail:compose')).toBe(0);
  });

  it('says why a mail cannot be read, and keeps the one before', async () => {
    const app = await opened();
    await readPasted(app, 'From: Jan');
    app.bridge.answers['mail:read'] = () => ({ ok: false, problem: { message: 'HTML only.' } });
    await readPasted(app, '<html>');
    expect(pane(app)).toMatchObject({ problem: 'HTML only.', busy: false, mail: { mailId: 4 } });
    await readFromFile(app);
    expect(pane(app)).toMatchObject({ busy: false, mail: { mailId: 4 } });
  });

  it('quotes single lines, paragraphs and spans, in the order of the mail', async () => {
    const app = await opened();
    await readPasted(app, 'From: Jan');
    await goToLine(app, 3, false);
    await toggleParagraph(app);
    expect(pane(app).quote).toEqual([3, 4]);
    await goToLine(app, -5, false);
    await toggleLine(app);
    expect(pane(app).quote).toEqual([0, 3, 4]);
    await goToLine(app, 1, true);
    await goToLine(app, 2, true);
    expect(pane(app).quote).toEqual([0, 1, 2, 3, 4]);
    await goToLine(app, 99, false);
    expect(pane(app).cursor).toBe(MAIL.lines.length - 1);
    await toggleParagraph(app);
    expect(pane(app).quote).toEqual([0, 1, 2]);
    expect(app.bridge.last('mail:compose')).toMatchObject([{ mailId: 4, quote: [0, 1, 2] }]);
    expect(pane(app).composed?.text).toBe('a mail that quotes 0,1,2\n');
  });

  it('asks about what is ticked', async () => {
    const app = await opened();
    await changeMail(app, { experiments: ticked(pane(app).experiments, 'second'), layout: 'series', comment: 'Hi' });
    expect(app.bridge.last('mail:compose')).toMatchObject([
      { experiments: ['first'], layout: 'series', comment: 'Hi', kernels: ['pin-v5', '7.2'] },
    ]);
  });

  it('saves and copies what is shown, and the command then speaks of the saved file', async () => {
    const app = await opened();
    await saveMail(app);
    expect(app.bridge.last('report:save-dialog')).toEqual(['nb-run-3.eml', 'a mail that quotes \n']);
    expect(pane(app).composed?.command).toBe('try /home/jan/nb-run-3.eml');
    await copyMail(app, 'command');
    expect(app.bridge.last('clipboard:write')).toEqual(['try /home/jan/nb-run-3.eml']);
    await changeMail(app, { comment: 'more' });
    expect(pane(app).composed?.command).toBe('try nb-run-3.eml');
  });

  it('opens the notebook that a mail carries', async () => {
    const app = await opened(false);
    await readPasted(app, 'From: Jan');
    await openReported(app, 0);
    expect(app.bridge.last('mail:notebook')).toEqual([4, 0]);
    expect(app.store.get()).toMatchObject({ overlay: null, notebook: { notebookId: 9, path: null } });
  });
});
