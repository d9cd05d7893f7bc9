/** The application itself, as built: it starts, shows its window, and lets nobody do what is not in the contract. */
import type { ElectronApplication, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOutput, launchGupbook, notebookWindow, retried, screenshot, WINDOW_URL } from './harness.ts';
import { print } from './runner-app.ts';

let app: ElectronApplication;
let page: Page;
const said: string[] = [];

beforeAll(async () => {
  const from = performance.now();
  app = await launchGupbook();
  page = await notebookWindow(app);
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  await page.waitForSelector('#root > *');
  print('cold start', { 'launch to the first content of the window': [performance.now() - from] });
});
afterAll(async () => {
  await app?.close();
});

describe('the window', () => {
  it('opens', async () => {
    expect(page.url()).toBe(WINDOW_URL);
    await screenshot(page, 'start');
    expect(await page.title()).toMatch(/Gupbook/);
  });

  it('is the only one that people see', async () => {
    const visible = await retried(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((window) => window.isVisible()).length),
    );
    expect(visible).toBe(1);
  });

  it('is sandboxed, isolated and without Node', async () => {
    const preferences = await retried(() =>
      app.evaluate(({ BrowserWindow }, url) => {
        const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === url);
        // Newer versions do not tell; test/main/window.test.ts holds the options themselves.
        const tell = Reflect.get(window?.webContents ?? {}, 'getLastWebPreferences');
        return typeof tell === 'function' ? Reflect.apply(tell, window?.webContents, []) : null;
      }, WINDOW_URL),
    );
    if (preferences !== null) {
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      });
    }
    expect(
      await page.evaluate(() =>
        ['process', 'require', 'module', 'Buffer', 'electron'].map((name) => name in globalThis),
      ),
    ).toEqual([false, false, false, false, false]);
  });

  it('has a bridge of two functions that cannot be changed', async () => {
    const bridge = await page.evaluate(() => {
      const described = Object.getOwnPropertyDescriptor(window, 'gupbook');
      return {
        members: Object.entries(window.gupbook).map(([name, member]) => `${name}: ${typeof member}`),
        frozen: Object.isFrozen(window.gupbook),
        writable: described?.writable,
        configurable: described?.configurable,
      };
    });
    expect(bridge).toEqual({
      members: ['request: function', 'on: function'],
      frozen: true,
      writable: false,
      configurable: false,
    });
  });
});

it('a page that patched the language still has the bridge', async () => {
  const answered = await page.evaluate(async () => {
    const kept = { push: Array.prototype.push, includes: Array.prototype.includes };
    Array.prototype.includes = () => true;
    Array.prototype.push = () => 0;
    try {
      const asked: unknown = Reflect.apply(window.gupbook.request, window.gupbook, ['app:quit']);
      return await Promise.resolve(asked).then(
        () => 'answered',
        (refused: unknown) => String(refused),
      );
    } catch (refused) {
      return String(refused);
    } finally {
      Array.prototype.push = kept.push;
      Array.prototype.includes = kept.includes;
    }
  });
  expect(answered).toContain('no such request channel');
});

describe('the bridge refuses', () => {
  /** Asks through the bridge as a hostile page would, past its types. */
  async function ask(...args: unknown[]): Promise<string> {
    return page.evaluate(async (given) => {
      try {
        return JSON.stringify(await Reflect.apply(window.gupbook.request, window.gupbook, given));
      } catch (thrown) {
        return `threw ${thrown}`;
      }
    }, args);
  }

  it.each(['ELECTRON_BROWSER_REQUIRE', 'app:quit', '__proto__', 'constructor', ''])(
    'the channel %j',
    async (channel) => {
      expect(await ask(channel)).toContain('no such request channel');
    },
  );

  it('channels that are no text', async () => {
    expect(await ask({ toString: 'app:info' })).toContain('no such request channel');
    expect(await ask(['app:info'])).toContain('no such request channel');
  });

  it('event channels that the contract does not have', async () => {
    const thrown = await page.evaluate(() => {
      try {
        Reflect.apply(window.gupbook.on, window.gupbook, ['ELECTRON_INTERNAL', () => {}]);
        return '';
      } catch (error) {
        return String(error);
      }
    });
    expect(thrown).toContain('no such event channel');
  });

  it.each([
    [['notebook:open', '/etc/passwd'], 'was not opened here before'],
    [['notebook:open', '../../../etc/passwd'], 'was not opened here before'],
    [['notebook:open', '/etc/passwd\0'], 'not taken'],
    [['notebook:save', 1, '/etc/passwd', 'x'], ''],
    [['notebook:save', 'one', '/etc/passwd', 'x'], 'not taken'],
    [['run:start', {}], 'not taken'],
    [['run:start', null], 'not taken'],
    [['run:get', 999], ''],
    [['theme:set', 'pink'], 'not taken'],
  ])('%j', async (args, why) => {
    const answer = await ask(...args);
    expect(JSON.parse(answer)).toMatchObject({ ok: false, problem: { message: expect.stringContaining(why) } });
  });

  it('requests of any page but the window', async () => {
    const refused = await retried(() =>
      app.evaluate(async ({ BrowserWindow, app: application }, url) => {
        const preload = `${application.getAppPath()}/out/preload/index.cjs`;
        const other = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        try {
          await other.loadURL(url);
          return await other.webContents.executeJavaScript(
            "window.gupbook.request('app:info').then(() => 'answered', (e) => 'threw ' + e.message)",
          );
        } finally {
          other.destroy();
        }
      }, WINDOW_URL),
    );
    expect(refused).toContain('may not ask');
  });
});

describe('the window goes nowhere', () => {
  it.each([
    'location.href = "https://example.org/"',
    'location.href = "file:///etc/passwd"',
    'location.href = "gupbook://app/assets/"',
    'location.href = "gupbook-run://run/"',
    'location.replace("data:text/html,x")',
    'document.body.insertAdjacentHTML("beforeend", "<a id=out href=https://example.org/>x</a>"); document.getElementById("out").click()',
    'document.body.insertAdjacentHTML("beforeend", "<form id=f action=https://example.org/></form>"); document.getElementById("f").submit()',
  ])('by %s', async (code) => {
    await retried(() =>
      app.evaluate(
        async ({ BrowserWindow }, [url, source]) => {
          const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === url);
          await window?.webContents.executeJavaScript(`${source}; 0`).catch(() => {});
          await new Promise((resolve) => setTimeout(resolve, 200));
        },
        [WINDOW_URL, code] as const,
      ),
    );
    expect(page.url()).toBe(WINDOW_URL);
    expect(await page.evaluate(() => typeof window.gupbook.request)).toBe('function');
  });

  it('and opens no other', async () => {
    const before = app.windows().length;
    expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
    expect(await page.evaluate(() => window.open('gupbook://app/index.html', '_blank'))).toBeNull();
    await page.evaluate(() => document.body.append(document.createElement('webview')));
    expect(app.windows().length).toBe(before);
  });
});

describe('the window reaches nothing', () => {
  it.each([
    ['fetch', `fetch('https://example.org/')`],
    ['fetch of a file', `fetch('file:///etc/passwd')`],
    [
      'fetch out of its folder',
      `fetch('gupbook://app/..%2f..%2fpackage.json').then((r) => { if (!r.ok) throw r.status })`,
    ],
    ['a runner', `fetch('gupbook-run://run/')`],
    ['eval', `(async () => eval('1'))()`],
    [
      'an inline script',
      `new Promise((ok, no) => { window.ran = no; const s = document.createElement('script');
      s.textContent = 'window.ran = "ran"'; document.head.append(s); s.remove(); window.ran === 'ran' ? ok() : no('blocked') })`,
    ],
    ['notifications', `Notification.requestPermission().then((p) => { if (p !== 'granted') throw p })`],
    ['the camera', `navigator.mediaDevices.getUserMedia({ video: true })`],
    ['the screen', `navigator.mediaDevices.getDisplayMedia({ video: true })`],
    ['the place', `new Promise((ok, no) => navigator.geolocation.getCurrentPosition(ok, no))`],
    ['the clipboard', `navigator.clipboard.readText()`],
    ['devices', `navigator.usb.requestDevice({ filters: [] })`],
  ])('%s', async (_name, code) => {
    const refused = await retried(() =>
      app.evaluate(
        async ({ BrowserWindow }, [url, source]) => {
          const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === url);
          return window?.webContents.executeJavaScript(`(async () => { try { await (${source}); return 'reached' }
        catch (refused) { return 'refused ' + (refused?.message ?? refused) } })()`);
        },
        [WINDOW_URL, code] as const,
      ),
    );
    expect(refused).toMatch(/^refused /);
  });
});

it('nothing of all this broke the page', async () => {
  expect(await page.evaluate(() => document.querySelectorAll('#root > *').length)).toBeGreaterThan(0);
  expect(errorOutput()).not.toMatch(/Uncaught|UnhandledPromise/);
});
