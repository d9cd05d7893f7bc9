/** What the user will answer to the system's own dialogs. */
import type { ElectronApplication } from 'playwright-core';
import { retried } from './harness.ts';

/** @param path the file that is chosen in the next dialogs; null calls them off */
export async function answerDialogs(app: ElectronApplication, path: string | null): Promise<void> {
  await retried(() =>
    app.evaluate(({ dialog }, chosen) => {
      const canceled = chosen === null;
      dialog.showOpenDialog = async () => ({ canceled, filePaths: canceled ? [] : [chosen] });
      dialog.showSaveDialog = async () => ({ canceled, filePath: chosen ?? '' });
    }, path),
  );
}
