import { expect, it, vi } from 'vitest';

vi.mock('electron', () => ({ BrowserWindow: class {}, dialog: {}, nativeTheme: {}, screen: {} }));
const { windowOptions } = await import('../../main/window.ts');

it('the window turns everything off that a page could be allowed', () => {
  expect(windowOptions('/out/preload/index.cjs', 'dark', null).webPreferences).toEqual({
    preload: '/out/preload/index.cjs',
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  });
});

it('the window opens where it was', () => {
  const state = { x: 10, y: 20, width: 900, height: 700, maximized: false };
  expect(windowOptions('', 'light', state)).toMatchObject({ x: 10, y: 20, width: 900, height: 700 });
});
