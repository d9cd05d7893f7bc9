/**
 * The notebook window in the real Electron, beside a window that has one Monaco editor and nothing else. A script of its
 * own (app.ts starts it), because it speaks of both Node and pages.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Drive, frames, type Started, untilShown } from './app-drive.ts';
import { median, type Row, row } from './bench.ts';

const ROUNDS = 3;
const PEER = 'a bare window with one Monaco editor';
const REFERENCE = '/// <reference types="gupbook" />\n\n';
/** A cell that is at home in both: Gupbook and the peer check its types. */
const CELL = (n: number) =>
  `// %% Cell ${n}\nconst value${n} = ${n};\nfunction next${n}() {\n  return value${n} + 1;\n}\n`;
const LARGE = Array.from({ length: 200 }, (_, n) => CELL(n + 1)).join('\n');
/** Steps of the long trace, and the search that makes it: one actor, one order. */
const STEPS = 100_000;
const LONG = `${REFERENCE}// %% Long
experiment('long', { kernels: ['7.2'], budget: { states: ${STEPS * 2} } }, (lab) => {
  const count = lab.word('count');
  lab.task('t', function* () {
    for (let i = 0; i < ${STEPS}; i++) yield ADD(count, 1);
  });
  lab.finally('it is not what it is', () => expect(0).toBe(1));
});
`;
/** Long enough to look at frames meanwhile. */
const HOT = `${REFERENCE}// %% Hot
experiment('hot', { kernels: ['7.2'] }, (lab) => {
  const buf = lab.mm.mmapThp();
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
    lab.task(name, function* () {
      const pages = yield* lab.kernel.pin_user_pages_fast(buf, 3, FOLL_WRITE);
      yield* lab.kernel.unpin_user_pages(pages);
    });
  }
});
`;

const [, , root = '.'] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'gupbook-bench-files-'));
try {
  const rows = await measured(await Drive.in(root), folder);
  process.stdout.write(`${JSON.stringify(rows)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measured(drive: Drive, folder: string): Promise<readonly Row[]> {
  const file = (name: string, text: string) => {
    const path = join(folder, `${name}.lab.ts`);
    writeFileSync(path, text);
    return path;
  };
  const small = file('small', `${REFERENCE}// %% One\nconst one: number = 1;\n`);
  const [large, long, hot] = [file('large', REFERENCE + LARGE), file('long', LONG), file('hot', HOT)];
  const starts = pair();
  const opens = pair();
  const squiggles = pair();
  const idle: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    const bare = await drive.bare();
    starts.peer.push(bare.usable);
    opens.peer.push(await bareOpens(bare));
    squiggles.peer.push(await squiggle(bare, '.squiggly-error'));
    idle.push(await frames(bare.page, 2000));
    await bare.close();
    const ours = await drive.gupbook(small);
    starts.ours.push(ours.usable);
    opens.ours.push(await opensLarge(ours, large));
    squiggles.ours.push(await squiggle(ours, '.squiggly-error'));
    await ours.close();
  }
  say('frames while a run is hot');
  const running = await framesWhileRunning(await drive.gupbook(hot));
  say('a long trace');
  const shown = await longTrace(await drive.gupbook(long));
  return [
    row('cold start', 'ms', median(starts.ours), median(starts.peer), PEER),
    row('200 cells to first edit', 'ms', median(opens.ours), median(opens.peer), `${PEER}, same text`),
    row('key to squiggle', 'ms', median(squiggles.ours), median(squiggles.peer), `${PEER}, same text`),
    row('frame, p95, hot run', 'ms', running, median(idle), 'the bare window, idle'),
    row('100,000 steps to screen', 'ms', shown.screen, shown.clone, 'the same steps cloned as objects'),
    row('100,000 steps, rows', 'rows', shown.rows, STEPS, 'all of them'),
    row('frame, p95, scrolling', 'ms', shown.frame, median(idle), 'the bare window, idle'),
  ];
}

/** A line about where the measurement is; the figures go to standard output. */
function say(what: string): void {
  process.stderr.write(`bench app: ${what}\n`);
}

/** Measurements of both, round by round. */
function pair(): { readonly ours: number[]; readonly peer: number[] } {
  return { ours: [], peer: [] };
}

/** From the text to the first letter of a new line. */
async function bareOpens({ page }: Started): Promise<number> {
  await page.evaluate((text) => {
    Reflect.set(window, 'opened', performance.now());
    Reflect.apply(Reflect.get(window, 'showText'), null, [text]);
  }, LARGE);
  await page.keyboard.press('Control+Home');
  return typed(page);
}

/** The same through the application: the dialog answers at once. */
async function opensLarge({ app: electron, page }: Started, path: string): Promise<number> {
  await electron.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, path);
  await page.evaluate(() => {
    window.addEventListener('keydown', () => Reflect.set(window, 'opened', performance.now()), {
      capture: true,
      once: true,
    });
  });
  await page.keyboard.press('Control+O');
  await page.waitForFunction(() => document.querySelectorAll('.cell').length === 200, null, { polling: 5 });
  await page.keyboard.press('Enter');
  return typed(page);
}

/** Types a letter at the cursor; milliseconds from `window.opened` until it is on the screen. */
async function typed(page: Started['page']): Promise<number> {
  await page.keyboard.type('q');
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = () => {
          const there = [...document.querySelectorAll('.view-line')].some((line) => line.textContent?.startsWith('q'));
          if (there) resolve(performance.now() - Reflect.get(window, 'opened'));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

/** From the last key of a mistake to its squiggle, in a text that was right before. */
async function squiggle({ page }: Started, selector: string): Promise<number> {
  await page.keyboard.press('Backspace');
  await page.waitForFunction((wanted) => document.querySelector(wanted) === null, selector);
  // TypeScript is awake once it has found a first mistake.
  await page.keyboard.type('let w: string = 1;\n');
  await page.waitForSelector(selector, { timeout: 60_000 });
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Delete');
  await page.waitForFunction((wanted) => document.querySelector(wanted) === null, selector, { timeout: 60_000 });
  return untilShown(page, () => page.keyboard.type('let w: string = 1;'), selector);
}

async function framesWhileRunning(started: Started): Promise<number> {
  const { page } = started;
  await page.keyboard.press('Control+Enter');
  await page.waitForFunction(() => document.querySelector('[data-testid=runner]')?.textContent?.includes('states'));
  const p95 = await frames(page, 3000);
  await page.keyboard.press('Control+.');
  await started.close();
  return p95;
}

interface Shown {
  readonly screen: number;
  readonly clone: number;
  readonly rows: number;
  readonly frame: number;
}

/** A long trace: asked of main, drawn at its end, scrolled through. */
async function longTrace(started: Started): Promise<Shown> {
  const { page } = started;
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.timeline', { timeout: 300_000 });
  const { screen, clone } = await page.evaluate(async (steps) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const listed = [...document.querySelectorAll<HTMLElement>('.runs [data-run]')][0];
    const begun = performance.now();
    listed?.click();
    const before = document.querySelector('.timeline');
    while (document.querySelector('.notice')?.textContent?.includes('is shown') !== true || before === null)
      await frame();
    await frame();
    const screen = performance.now() - begun;
    const objects = Array.from({ length: steps }, (_, n) => ({
      n,
      actor: 't',
      op: 'ADD',
      word: 'count',
      before: n,
      after: n + 1,
    }));
    const cloning = performance.now();
    structuredClone(objects);
    return { screen, clone: performance.now() - cloning };
  }, STEPS);
  await page.keyboard.press('F6');
  await page.keyboard.press('F6');
  let rows = 0;
  const watched = frames(page, 3000);
  for (const key of ['Home', 'End', 'Home', ']', ']', 'End', '[', 'f']) {
    await page.keyboard.press(key);
    rows = Math.max(rows, await page.$$eval('.timeline tr', (found) => found.length));
  }
  const frame = await watched;
  await started.close();
  return { screen, clone, rows, frame };
}
