/**
 * The bridge of a runner's page, all of it: one port from main goes on to the page, once. The page's origin is opaque
 * (`null`), which no target origin matches: hence '*'.
 */
import { ipcRenderer } from 'electron';

ipcRenderer.once('runner:control', (event) => {
  window.postMessage('runner:control', '*', [...event.ports]);
});
