/**
 * One runner process: a hidden, sandboxed renderer whose page has an opaque origin and a policy that loads nothing, and
 * in it one worker that waits for a script. Each run gets a process of its own, alone in its session, and the process is
 * killed with the run: ending a worker alone would leave its loop running for two seconds more.
 */
import { createHash } from 'node:crypto';
import {
  BrowserWindow,
  type BrowserWindowConstructorOptions,
  type CustomScheme,
  MessageChannelMain,
  type MessagePortMain,
  type Session,
  session,
} from 'electron';

/** Scheme of the runner's one page. Registered before the application is ready, served in runner sessions only. */
export const RUNNER_SCHEME = 'gupbook-run';
/** For protocol.registerSchemesAsPrivileged(): nothing can be fetched from it, by itself or by others. */
export const RUNNER_PRIVILEGES: CustomScheme = { scheme: RUNNER_SCHEME, privileges: { standard: true, secure: true } };
const PAGE = `${RUNNER_SCHEME}://run/`;

/** Heap of the script, in megabytes. Typed arrays are not counted by V8: RunLimits.memory bounds them. */
export const HEAP_MEGABYTES = 512;

/** The texts and files that a runner process is made of. */
export interface RealmParts {
  /** Script of the page (renderer/runner/host.ts). */
  readonly host: string;
  /** First script of the worker, which hardens it (renderer/runner/worker.ts). */
  readonly worker: string;
  /** The engine's script, which follows; it defines the global `__gupbook`. */
  readonly engine: string;
  /** Path of preload/runner.ts, built. */
  readonly preload: string;
}

/** A runner process whose worker is waiting, or at work. */
export interface Realm {
  readonly window: BrowserWindow;
  readonly control: MessagePortMain;
  /** Process id, by which its memory is watched. */
  readonly pid: number;
}

/** Starts and ends realms. */
export class Realms {
  readonly #parts: RealmParts;
  /** Sessions whose process has ended. Electron keeps a session until it quits, so they are used again. */
  readonly #free: Session[] = [];

  constructor(parts: RealmParts) {
    this.#parts = parts;
  }

  /** Starts a process and its worker. Rejects where the page does not come up as isolated as it must be. */
  async start(): Promise<Realm> {
    const own = this.#free.pop() ?? runnerSession(this.#parts.host);
    const window = new BrowserWindow(windowOptions(own, this.#parts.preload));
    window.once('closed', () => this.#free.push(own));
    // WebRTC would send packets past every policy.
    window.webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    try {
      await window.loadURL(PAGE);
      const control = await startWorker(window, workerText(this.#parts));
      return { window, control, pid: window.webContents.getOSProcessId() };
    } catch (failed) {
      window.destroy();
      throw failed;
    }
  }

  isAlive({ window }: Realm): boolean {
    return !window.isDestroyed() && !window.webContents.isCrashed();
  }

  /** Ends the process at once, whatever it is doing. */
  kill({ window, control }: Realm): void {
    control.close();
    if (window.isDestroyed()) return;
    window.webContents.forcefullyCrashRenderer();
    window.destroy();
  }
}

function windowOptions(own: Session, preload: string): BrowserWindowConstructorOptions {
  return {
    show: false,
    webPreferences: {
      session: own,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      backgroundThrottling: false,
      spellcheck: false,
      devTools: false,
      additionalArguments: [`--js-flags=--max-old-space-size=${HEAP_MEGABYTES}`],
    },
  };
}

let sessions = 0;

/**
 * A session in memory that serves the one page and can reach nothing else. One process at a time is in it; a page without
 * an origin can store nothing there for the next.
 */
function runnerSession(host: string): Session {
  sessions += 1;
  const runner = session.fromPartition(`runner-${sessions}`, { cache: false });
  const html = `<!doctype html><meta charset=utf-8><script>${host}</script>`;
  const headers = pageHeaders(host);
  runner.protocol.handle(RUNNER_SCHEME, (request) =>
    request.url === PAGE && request.method === 'GET'
      ? new Response(html, { headers })
      : new Response(null, { status: 404 }),
  );
  runner.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: url !== PAGE && !url.startsWith('blob:') });
  });
  return runner;
}

/**
 * `sandbox` without `allow-same-origin` gives the opaque origin: no storage of any kind. The inline script is allowed by
 * its hash, since 'self' would let a script import files of this scheme. There is no 'unsafe-eval': scripts are compiled
 * by importScripts() of a blob.
 */
export function pageHeaders(host: string): Record<string, string> {
  const hash = createHash('sha256').update(host).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': [
      'sandbox allow-scripts',
      "default-src 'none'",
      `script-src 'sha256-${hash}' blob:`,
      'worker-src blob:',
      "connect-src 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

/** Both scripts as one. What the engine's bundle declares at its top stays in a function, out of the author's sight. */
function workerText({ worker, engine }: RealmParts): string {
  return `${worker}\n(() => {\n${engine}\n})();\n`;
}

/** Hands the page its control port and the worker's text; resolves when the page has started the worker. */
async function startWorker(window: BrowserWindow, text: string): Promise<MessagePortMain> {
  const { port1: control, port2 } = new MessageChannelMain();
  window.webContents.postMessage('runner:control', null, [port2]);
  const answer = new Promise<unknown>((resolve, reject) => {
    control.once('message', ({ data }) => resolve(data));
    window.webContents.once('render-process-gone', () => reject(new Error('its process ended')));
  });
  control.start();
  control.postMessage({ op: 'text', text });
  const page = await answer;
  const isolated = typeof page === 'object' && page !== null && 'origin' in page && page.origin === 'null';
  if (!isolated) throw new Error('its page is not isolated');
  return control;
}
