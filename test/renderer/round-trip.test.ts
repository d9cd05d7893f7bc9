/** Opening and saving changes no byte, whatever the text is and wherever the focus goes meanwhile. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { perform } from '../../renderer/app/commands.ts';
import { openPath, start } from '../../renderer/app/files.ts';
import { seed } from '../lab/property.ts';
import { anyText } from '../lab/texts.ts';
import { fakeApp, notebook } from './fake-app.ts';

/** Commands that move the focus, fold, or undo what they did. */
const WALK = [
  'cell.next',
  'cell.last',
  'cell.first',
  'cell.foldAll',
  'cell.edit',
  'cell.leave',
  'cell.unfoldAll',
] as const;

it('random notebooks are saved with the bytes that they were opened with', async () => {
  const app = fakeApp();
  await start(app);
  await fc.assert(
    fc.asyncProperty(anyText, fc.array(fc.constantFrom(...WALK), { maxLength: 6 }), async (text, walk) => {
      app.bridge.answers['notebook:open'] = (path) => ({ ok: true, value: notebook({ path, text }) });
      await openPath(app, '/home/jan/random.lab.ts');
      for (const command of walk) perform(app, command);
      perform(app, 'file.save');
      expect(app.bridge.last('notebook:save')).toEqual([7, '/home/jan/random.lab.ts', text]);
    }),
    { seed, numRuns: 500 },
  );
});
