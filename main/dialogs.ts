/** The desktop's own file dialogs: the only way in which a path of a person's choice comes into the application. */
import { type BrowserWindow, dialog, type FileFilter, type OpenDialogOptions, type SaveDialogOptions } from 'electron';
import type { Dialogs } from './notebooks.ts';

const NOTEBOOKS: FileFilter[] = [
  { name: 'Lab notebooks', extensions: ['lab.ts'] },
  { name: 'TypeScript', extensions: ['ts'] },
  { name: 'All files', extensions: ['*'] },
];

/** @param window the window that asks, to which a dialog belongs; null while there is none. */
export function fileDialogs(window: () => BrowserWindow | null): Dialogs {
  return {
    async chooseOpen(folder) {
      const options: OpenDialogOptions = {
        title: 'Open notebook',
        properties: ['openFile'],
        filters: NOTEBOOKS,
        ...(folder === null ? {} : { defaultPath: folder }),
      };
      const parent = window();
      const asked = parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options);
      const { canceled, filePaths } = await asked;
      return canceled ? null : (filePaths[0] ?? null);
    },
    chooseRecording: () => chooseAny(window(), "Open a kernel's log or trace"),
    chooseMail: () => chooseAny(window(), 'Open a message or a mailbox'),
    async chooseSave(suggested) {
      const options: SaveDialogOptions = {
        title: 'Save',
        defaultPath: suggested,
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      };
      const parent = window();
      const asked = parent === null ? dialog.showSaveDialog(options) : dialog.showSaveDialog(parent, options);
      const { canceled, filePath } = await asked;
      return canceled || filePath === '' ? null : filePath;
    },
  };
}

/** Any file at all. */
async function chooseAny(parent: BrowserWindow | null, title: string): Promise<string | null> {
  const options: OpenDialogOptions = { title, properties: ['openFile'] };
  const asked = parent === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(parent, options);
  const { canceled, filePaths } = await asked;
  return canceled ? null : (filePaths[0] ?? null);
}
