/** Starts Gupbook and its bare peer in the real Electron, and measures in their pages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication, Page } from 'playwright-core';

/** A started application, with its page. */
export interface Started {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Milliseconds from the start to the first line that can be edited. */
  readonly usable: number;
  close(): Promise<void>;
}

/** What is measured with: a clone with its development packages, an Electron, and a display. */
export class Drive {
  readonly #root: string;
  readonly #playwright: typeof import('playwright-core');
  readonly #args: readonly string[];
  readonly #bare: string;

  private constructor(
    root: string,
    playwright: typeof import('playwright-core'),
    args: readonly string[],
    bare: string,
  ) {
    this.#root = root;
    this.#playwright = playwright;
    this.#args = args;
    this.#bare = bare;
  }

  /** Builds the peer beside the other artefacts of `root`. */
  static async in(root: string): Promise<Drive> {
    const require = createRequire(join(root, 'package.json'));
    const playwright: typeof import('playwright-core') = require('playwright-core');
    const setup: { resolveElectron: () => { source: string; executable: string; args: readonly string[] } } =
      await import(pathToFileURL(join(root, 'main/setup/electron.mjs')).href);
    const { source, executable, args } = setup.resolveElectron();
    // Playwright asks the electron package, which is told of another one by its folder; once, it remembers.
    if (source === 'fallback') process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(executable);
    require('electron');
    delete process.env.ELECTRON_OVERRIDE_DIST_PATH;
    const bare = join(root, 'test-artefacts/bench-bare');
    const vite: typeof import('vite') = await import(pathToFileURL(require.resolve('vite')).href);
    await vite.build({
      configFile: false,
      root: join(root, 'bench/bare'),
      logLevel: 'error',
      worker: { format: 'es' },
      build: {
        outDir: bare,
        emptyOutDir: true,
        target: 'chrome130',
        minify: true,
        modulePreload: { polyfill: false },
      },
    });
    return new Drive(root, playwright, args, bare);
  }

  gupbook(file: string): Promise<Started> {
    return this.#start([this.#root, file], 'gupbook://app/', '.cell .editor .view-line');
  }

  bare(): Promise<Started> {
    return this.#start([join(this.#root, 'bench/bare')], 'bare://app/', '.monaco-editor .view-line');
  }

  async #start(args: readonly string[], origin: string, usable: string): Promise<Started> {
    const data = mkdtempSync(join(tmpdir(), 'gupbook-bench-'));
    const environment = Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    );
    const begun = performance.now();
    const app = await this.#playwright._electron.launch({
      args: [...this.#args, ...args],
      env: { ...Object.fromEntries(environment), GUPBOOK_USER_DATA: data, GUPBOOK_BARE: this.#bare },
      chromiumSandbox: !this.#args.includes('--no-sandbox'),
    });
    const page = await pageOf(app, origin);
    await page.waitForSelector(usable, { timeout: 120_000 });
    const close = async () => {
      await app.close();
      rmSync(data, { recursive: true, force: true });
    };
    return { app, page, usable: performance.now() - begun, close };
  }
}

async function pageOf(app: ElectronApplication, origin: string): Promise<Page> {
  for (;;) {
    const page = app.windows().find((window) => window.url().startsWith(origin));
    if (page !== undefined) return page;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Milliseconds between frames of a page over a while, as the 95th percentile. */
export async function frames(page: Page, milliseconds: number): Promise<number> {
  return page.evaluate(
    (length) =>
      new Promise<number>((resolve) => {
        const times: number[] = [];
        const begun = performance.now();
        let last = begun;
        const frame = (now: number) => {
          times.push(now - last);
          last = now;
          if (now - begun < length) requestAnimationFrame(frame);
          else resolve(times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0);
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );
}

/**
 * Milliseconds from the last of `keys` until `selector` is there, measured in the page: the driver's own way to the
 * window is not in it.
 */
export async function untilShown(page: Page, keys: () => Promise<void>, selector: string): Promise<number> {
  await page.evaluate((wanted) => {
    let pressed = performance.now();
    window.addEventListener('keydown', () => (pressed = performance.now()), { capture: true });
    Reflect.set(
      window,
      'shown',
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector(wanted) === null) requestAnimationFrame(look);
          else resolve(performance.now() - pressed);
        };
        look();
      }),
    );
  }, selector);
  await keys();
  return page.evaluate(() => Reflect.get(window, 'shown'));
}
