import { EventEmitter } from 'node:events';
import type { App, Session, WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { lockApplication, lockContents, lockSession } from '../../main/lock.ts';

/** An application that remembers what was asked of it. */
function recorder(switches: readonly string[]) {
  const asked: string[] = [];
  const events = new EventEmitter();
  const app: App = Object.assign(Object.create(null), {
    commandLine: {
      appendSwitch: (name: string, value: string) => asked.push(`${name}=${value}`),
      hasSwitch: (name: string) => switches.includes(name),
    },
    enableSandbox: () => asked.push('sandbox'),
    on: events.on.bind(events),
  });
  return { app, asked, events };
}

describe('the application', () => {
  it('has its sandbox on and no names to look up', () => {
    const { app, asked } = recorder([]);
    lockApplication(app);
    expect(asked).toEqual(['host-resolver-rules=MAP * ~NOTFOUND', 'sandbox']);
  });

  it('leaves its sandbox off only where that was asked for', () => {
    const { app, asked } = recorder(['no-sandbox']);
    lockApplication(app);
    expect(asked).toEqual(['host-resolver-rules=MAP * ~NOTFOUND']);
  });

  it('locks every session and every page made later', () => {
    const { app, events } = recorder([]);
    lockApplication(app);
    expect(events.eventNames()).toEqual(['session-created', 'web-contents-created']);
  });
});

describe('a session', () => {
  it('grants nothing', () => {
    const answers: unknown[] = [];
    const events = new EventEmitter();
    const session: Session = Object.assign(Object.create(null), {
      setPermissionRequestHandler: (ask: (c: null, p: string, answer: (granted: boolean) => void) => void) =>
        ask(null, 'media', (granted) => answers.push(granted)),
      setPermissionCheckHandler: (check: () => boolean) => answers.push(check()),
      setDevicePermissionHandler: (check: () => boolean) => answers.push(check()),
      setDisplayMediaRequestHandler: (ask: (r: null, answer: (streams: object) => void) => void) =>
        ask(null, (streams) => answers.push(streams)),
      on: events.on.bind(events),
    });
    lockSession(session);
    expect(answers).toEqual([false, false, false, {}]);
    let prevented = false;
    events.emit('will-download', { preventDefault: () => (prevented = true) });
    expect(prevented).toBe(true);
  });
});

describe('a page', () => {
  it('goes nowhere and opens nothing', () => {
    const events = new EventEmitter();
    let opened: unknown = null;
    const contents: WebContents = Object.assign(Object.create(null), {
      setWindowOpenHandler: (ask: () => unknown) => {
        opened = ask();
      },
      on: events.on.bind(events),
    });
    lockContents(contents);
    expect(opened).toEqual({ action: 'deny' });
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let prevented = false;
      events.emit(name, { preventDefault: () => (prevented = true) });
      expect(prevented, name).toBe(true);
    }
  });
});
