/**
 * Electron's own list of what an application must do to be safe, our rule for each, and the test that holds us to it:
 * the file and the title of a test in it. table.test.ts sees to it that there is such a test.
 */

export interface Item {
  readonly item: string;
  readonly rule: string;
  readonly file: string;
  readonly test: string;
}

const app = 'test/app/app.test.ts';
const lock = 'test/main/lock.test.ts';
const options = 'test/main/window.test.ts';

const item = (name: string, rule: string, file: string, test: string): Item => ({ item: name, rule, file, test });

export const CHECKLIST: readonly Item[] = [
  item(
    '1 only secure content',
    'nothing is loaded but the built files, from a scheme of our own',
    app,
    'the window reaches nothing',
  ),
  item('2 no Node in pages', 'spelled out, and looked for in the page', app, 'is sandboxed, isolated and without Node'),
  item(
    '3 context isolation',
    'spelled out; a page that patches the language does not reach the bridge',
    app,
    'a page that patched the language still has the bridge',
  ),
  item('4 process sandboxing', 'on for every process', lock, 'has its sandbox on and no names to look up'),
  item('5 permission requests', 'denied in every session, devices and screens too', lock, 'grants nothing'),
  item('6 webSecurity', 'on', options, 'the window turns everything off that a page could be allowed'),
  item(
    '7 Content-Security-Policy',
    'files of the application alone; no inline script, no eval',
    'test/main/scheme.test.ts',
    'lets no script run but files of the application, and nothing be fetched from elsewhere',
  ),
  item(
    '8 no insecure content',
    'not allowed: the options of the window are compared as a whole',
    options,
    'the window turns everything off that a page could be allowed',
  ),
  item(
    '9, 10 no experiments',
    'none: the options of the window are compared as a whole',
    options,
    'the window turns everything off that a page could be allowed',
  ),
  item('11, 12 web views', 'none, and none can be attached', lock, 'goes nowhere and opens nothing'),
  item('13 navigation', 'prevented, whatever starts it', app, 'the window goes nowhere'),
  item('14 new windows', 'denied', app, 'and opens no other'),
  item(
    '15 openExternal',
    'nothing is ever handed to another program',
    'test/escape/table.test.ts',
    'no other program is ever started for a page',
  ),
  item(
    '16 a current Electron',
    'the lock file names it; gupbook doctor says which one runs',
    'test/cli/doctor.test.ts',
    'says which Electron, Node and SQLite there are',
  ),
  item(
    '17 sender of IPC',
    'the window, its main frame, its origin; then the shape of what was sent',
    'test/main/ipc.test.ts',
    'lets no stranger reach a handler',
  ),
  item(
    '18 a protocol of our own',
    'no file://, and no way out of its folder',
    'test/main/scheme.test.ts',
    'never leads out of the folder, whatever it says',
  ),
  item(
    '19 fuses',
    'run-as-node, inspect and NODE_OPTIONS off, archive only',
    'test/app/packaged.test.ts',
    'has its fuses set for release',
  ),
  item(
    '20 no Electron in pages',
    'a frozen bridge of two functions that know the channels of the contract',
    app,
    'has a bridge of two functions that cannot be changed',
  ),
];
