// A window with the page beside this file, on a scheme of its own, as locked as ours. An Electron main script.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, BrowserWindow, protocol } from 'electron';

const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
protocol.registerSchemesAsPrivileged([{ scheme: 'bare', privileges }]);
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', ttf: 'font/ttf' };
const folder = process.env.GUPBOOK_BARE ?? '';
if (process.env.GUPBOOK_USER_DATA) app.setPath('userData', process.env.GUPBOOK_USER_DATA);

void app.whenReady().then(() => {
  protocol.handle('bare', async (request) => {
    const { pathname } = new URL(request.url);
    const type = TYPES[pathname.split('.').at(-1)] ?? 'application/octet-stream';
    return new Response(await readFile(join(folder, pathname)), { headers: { 'content-type': type } });
  });
  const window = new BrowserWindow({ width: 1360, height: 860, webPreferences: { sandbox: true } });
  void window.loadURL('bare://app/index.html');
});
