/**
 * The one door between the window and main. Every request of the contract comes in here: first the sender is checked,
 * then the arguments, then its handler is called; whatever goes wrong goes back as one sentence. Nobody else touches
 * ipcMain.
 */
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import {
  EVENT_CHANNELS,
  type EventChannel,
  type Events,
  type Outcome,
  REQUEST_CHANNELS,
  type RequestChannel,
  type Requests,
} from '../preload/contract.ts';
import { argumentsOf } from './ipc-arguments.ts';
import { problem } from './problem.ts';
import { APP_ORIGIN } from './scheme.ts';

/** One handler per channel. A handler may throw: its message becomes the answer's problem. */
export type Handlers = {
  readonly [C in RequestChannel]: (
    ...args: Parameters<Requests[C]>
  ) => ReturnType<Requests[C]> | Promise<ReturnType<Requests[C]>>;
};

/** The part of an invoke event by which its sender is known. */
export type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>;

/**
 * Serves every channel of the contract to `window`, and to nobody else.
 *
 * @param onRequest told of every request of the window: somebody is at work.
 */
export function serveRequests(
  ipc: Pick<IpcMain, 'handle'>,
  window: () => WebContents | null,
  handlers: Handlers,
  onRequest: () => void = () => {},
): void {
  const serve = <C extends RequestChannel>(channel: C) => {
    ipc.handle(channel, async (event: Sender, ...args: unknown[]) => {
      if (!isWindow(event, window())) throw new Error(`${channel}: this page may not ask.`);
      onRequest();
      return answer(channel, handlers, args);
    });
  };
  for (const channel of REQUEST_CHANNELS) serve(channel);
}

/** True for the notebook window's own page: its contents, its main frame (no frame inside it), its origin. */
export function isWindow({ sender, senderFrame }: Sender, window: WebContents | null): boolean {
  if (window === null || sender.id !== window.id || senderFrame === null) return false;
  return senderFrame === sender.mainFrame && senderFrame.origin === APP_ORIGIN && isAppUrl(senderFrame.url);
}

function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}` === APP_ORIGIN;
}

async function answer<C extends RequestChannel>(
  channel: C,
  handlers: Handlers,
  args: readonly unknown[],
): Promise<ReturnType<Requests[C]> | Outcome<never>> {
  const checked = argumentsOf(channel, args);
  if (!checked.ok) return checked;
  try {
    return await handlers[channel](...checked.value);
  } catch (thrown) {
    return problem(thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** Tells the window something. Silent while there is no window. */
export type Tell = <C extends EventChannel>(channel: C, ...args: Parameters<Events[C]>) => void;

export function teller(window: () => WebContents | null): Tell {
  const known = new Set<string>(EVENT_CHANNELS);
  return (channel, ...args) => {
    const contents = window();
    if (!known.has(channel) || contents === null || contents.isDestroyed()) return;
    contents.send(channel, ...args);
  };
}
