import { describe, expect, it } from 'vitest';
import { perform } from '../../renderer/app/commands.ts';
import {
  decodeFile,
  decodePasted,
  followDecoding,
  goToEvent,
  goToOddEvent,
  insertTraceCell,
  leaveTracePage,
  openMatching,
  showTracePage,
  stopDecoding,
} from '../../renderer/app/decoding.ts';
import { start } from '../../renderer/app/files.ts';
import type { DecodeOverlay } from '../../renderer/app/state.ts';
import { cardText, cursorText, eventView, oddRows, progressText, splitText } from '../../renderer/decode/row-text.ts';
import { DECODED, type FakeApp, fakeApp, settle, tracePage } from './fake-app.ts';

async function opened(): Promise<FakeApp> {
  const app = fakeApp();
  await start(app);
  perform(app, 'decode.open');
  return app;
}

function pane(app: FakeApp): DecodeOverlay {
  const { overlay } = app.store.get();
  if (overlay?.kind !== 'decode') throw new Error('the pane is closed');
  return overlay;
}

async function stepping(): Promise<FakeApp> {
  const app = await opened();
  await decodePasted(app, 'page_ref_mod: ...');
  await showTracePage(app, 0x10, null);
  return app;
}

describe('the pane that explains', () => {
  it('hands the pasted text to main, and shows what was found', async () => {
    const app = await opened();
    await decodePasted(app, 'page: refcount:1024 ...');
    expect(app.bridge.last('decode:text')).toEqual(['page: refcount:1024 ...']);
    expect(pane(app)).toMatchObject({ busy: false, problem: null, decoded: DECODED });
  });

  it('shows how far a file is read, and stops it', async () => {
    const app = await opened();
    const unfollow = followDecoding(app);
    const progress = { bytes: 1_200_000_000, total: 2_000_000_000, events: 1_234_567 };
    app.bridge.tell('decode:progress', progress);
    expect(pane(app).progress).toBeNull();
    let finish: () => void = () => {};
    const opening = new Promise<void>((resolve) => {
      finish = resolve;
    });
    app.bridge.answers['decode:open-dialog'] = () => ({ ok: true, value: DECODED });
    const request = app.bridge.request.bind(app.bridge);
    app.bridge.request = async (channel, ...args) => {
      if (channel === 'decode:open-dialog') await opening;
      return request(channel, ...args);
    };
    const reading = decodeFile(app);
    app.bridge.tell('decode:progress', progress);
    expect(pane(app)).toMatchObject({ busy: true, progress });
    expect(progressText(progress)).toBe('reading 1.2 of 2.0 GB, 1,234,567 events ...');
    expect(progressText({ bytes: 5_000_000, total: null, events: 3 })).toBe('reading 5 MB, 3 events ...');
    await stopDecoding(app);
    expect(app.bridge.count('decode:stop')).toBe(1);
    finish();
    await reading;
    expect(pane(app)).toMatchObject({ busy: false, decoded: DECODED });
    unfollow();
  });

  it('asks nothing about an empty text', async () => {
    const app = await opened();
    await decodePasted(app, ' \n');
    expect(app.bridge.count('decode:text')).toBe(0);
    expect(pane(app).problem).toMatch(/^Paste /);
  });

  it('says what main could not do, and keeps what it had', async () => {
    const app = await opened();
    await decodePasted(app, 'x');
    app.bridge.answers['decode:text'] = () => ({ ok: false, problem: { message: 'nothing in it' } });
    await decodePasted(app, 'y');
    expect(pane(app)).toMatchObject({ busy: false, problem: 'nothing in it', decoded: DECODED });
  });

  it('is as it was when no file is chosen', async () => {
    const app = await opened();
    await decodeFile(app);
    expect(pane(app)).toMatchObject({ busy: false, decoded: null, problem: null });
  });

  it('takes only the answer to the last question', async () => {
    const app = await opened();
    const answers: (() => void)[] = [];
    app.bridge.answers['decode:text'] = (text) =>
      new Promise((resolve) => {
        answers.push(() => resolve({ ok: true, value: { ...DECODED, source: text } }));
      });
    void decodePasted(app, 'first');
    void decodePasted(app, 'second');
    answers[1]?.();
    await settle();
    answers[0]?.();
    await settle();
    expect(pane(app).decoded?.source).toBe('second');
  });

  it('does not come back once it is closed', async () => {
    const app = await opened();
    const reading = decodePasted(app, 'x');
    app.store.dispatch({ type: 'overlay', overlay: null });
    await reading;
    expect(app.store.get().overlay).toBeNull();
  });

  it('opens the notebook that shows the same', async () => {
    const app = await opened();
    await openMatching(app, 'two-bios.lab.ts');
    expect(app.bridge.last('notebook:open')).toEqual(['/scenarios/two-bios.lab.ts']);
    expect(app.store.get().overlay).toBeNull();
    perform(app, 'decode.open');
    await openMatching(app, 'nothing.lab.ts');
    expect(pane(app).problem).toBe('nothing.lab.ts is not among the shipped notebooks.');
  });
});

describe('a page of a trace', () => {
  it('is stepped through beside the model, from end to end', async () => {
    const app = await stepping();
    expect(pane(app)).toMatchObject({ row: 0, page: { pfn: 0x10, kernel: '7.2' } });
    for (const [to, row] of [
      [1, 1],
      [99, 2],
      [-5, 0],
    ] as const) {
      goToEvent(app, to);
      expect(pane(app).row).toBe(row);
    }
    goToOddEvent(app);
    expect(pane(app).row).toBe(2);
  });

  it('keeps its cursor when another kernel is chosen, and loses it when it is left', async () => {
    const app = await stepping();
    goToEvent(app, 1);
    await showTracePage(app, 0x10, '5.6');
    expect(pane(app)).toMatchObject({ row: 1, page: { kernel: '5.6' } });
    leaveTracePage(app);
    expect(pane(app)).toMatchObject({ row: 0, page: null, decoded: DECODED });
  });

  it('becomes a cell below the focused one', async () => {
    const app = await stepping();
    await insertTraceCell(app);
    expect(app.bridge.last('decode:cell')).toEqual([3, 0x10, '7.2']);
    expect(app.store.get().overlay).toBeNull();
    const { notebook } = app.store.get();
    const made = notebook?.doc.cells.find(({ id }) => id === notebook.focused);
    expect(made).toMatchObject({ kind: 'code', title: 'Recorded: pfn 0x10' });
  });

  it('says each event in words', () => {
    const page = tracePage();
    expect(eventView(page, 0, oddRows(page))).toEqual({
      line: '4',
      time: '+0.000000',
      task: 'gt-1',
      event: 'mod_unless +1 ret=1',
      count: '2',
      call: 'pin_user_pages_fast()',
      odd: false,
    });
    expect(eventView(page, 2, oddRows(page))).toMatchObject({ event: 'mod_and_test -1024 ret=0', call: '', odd: true });
    expect(cursorText(page, 1)).toBe('event 2/3: _refcount 2 -> 1025 = 1 x 1024 + 1');
    expect(splitText(-1)).toBe('-1 = -1 x 1024 + 1023');
  });

  it('is copied as text', () => {
    const [card] = DECODED.cards;
    expect(card === undefined ? '' : cardText(card)).toBe(
      'pfn 0x10\n  refcount 1024 = 1 pin x 1024 + 0 refs\n  page: refcount:1024\n' +
        '  odd: what put_page() on a pinned page leaves\n  see: "two bios" in scenarios/two-bios.lab.ts\n',
    );
  });
});
