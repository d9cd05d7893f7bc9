/** Text to the clipboard, and a word about it. */
import { type App, say } from './app.ts';
import { attempt } from './attempt.ts';

/** Copies text; `said` is what the window says then. */
export async function copyText(app: App, text: string, said: string): Promise<void> {
  const done = await attempt(app, app.bridge.request('clipboard:write', text));
  if (done !== undefined) say(app, 'info', said);
}
