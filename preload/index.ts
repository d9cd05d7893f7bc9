/**
 * The bridge of the notebook window: `window.gupbook`, two functions over the channels of the contract, nothing else.
 * A listener is handed data only, never Electron's event, so that nothing of Electron can be reached from the page.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { type Bridge, EVENT_CHANNELS, REQUEST_CHANNELS } from './contract.ts';

const requests = new Set<string>(REQUEST_CHANNELS);
const events = new Set<string>(EVENT_CHANNELS);

const bridge: Bridge = {
  async request(channel, ...args) {
    if (!requests.has(channel)) throw new Error('gupbook: no such request channel');
    return ipcRenderer.invoke(channel, ...args);
  },
  on(channel, listener) {
    if (!events.has(channel)) throw new Error('gupbook: no such event channel');
    const forward = (_event: IpcRendererEvent, ...args: Parameters<typeof listener>) => {
      Reflect.apply(listener, undefined, args);
    };
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.off(channel, forward);
    };
  },
};

// contextBridge copies the object into the page's world and freezes the copy.
contextBridge.exposeInMainWorld('gupbook', bridge);
