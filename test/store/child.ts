/**
 * A second process, for tests of what one process cannot do to itself: hold the store, have no permissions, fill a
 * disk. It prints one JSON value a line.
 *
 *     node child.js hold PATH            opens as the owner, prints "open", holds it until its input ends
 *     node child.js open PATH [read]     opens, prints { code, message } of the error or { readOnly, unsaved, notices }
 *     node child.js nobody PATH [read]   the same without root's permissions
 *     node child.js fill PATH            edits until the store refuses, then closes, opens and prints what is there
 */
import { IN_MEMORY, openStore, type Store, StoreError } from '../../main/store/index.ts';

const [command = '', path = '', mode = ''] = process.argv.slice(2);

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof StoreError) return { code: error.code, message: error.message };
  return { code: 'not a StoreError', message: String(error) };
}

function attempt(action: (store: Store) => unknown): void {
  try {
    const store = openStore(path, { readOnly: mode === 'read' });
    print(action(store));
    store.close();
  } catch (error) {
    print(describe(error));
  }
}

function contents(store: Store): unknown {
  return {
    readOnly: store.readOnly,
    unsaved: store.unsaved().map(({ text }) => text),
    notices: store.notices.map(describe),
  };
}

function fill(store: Store): unknown {
  const { notebookId } = store.openNotebook('/full.lab.ts', '');
  let acknowledged = 0;
  let refused: unknown = null;
  for (let n = 1; n < 10_000 && refused === null; n++) {
    try {
      store.savedNotebook(notebookId, '/full.lab.ts', noise(n));
      store.journal(notebookId, `edit ${n}`);
      acknowledged = n;
    } catch (error) {
      refused = describe(error);
    }
  }
  const before = store.recover(notebookId)?.text;
  return { acknowledged, refused, before, findings: store.check() };
}

/** Text that does not compress. */
function noise(n: number): string {
  let state = n;
  return Array.from({ length: 8000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return String.fromCharCode(33 + (state >>> 25));
  }).join('');
}

switch (command) {
  case 'hold': {
    const store = openStore(path);
    print('open');
    process.stdin.resume().once('end', () => store.close());
    break;
  }
  case 'nobody':
    // SQLite is loaded first: what is ours may lie where nobody else may read.
    openStore(IN_MEMORY).close();
    process.setgid?.(65534);
    process.setuid?.(65534);
    attempt(contents);
    break;
  case 'open':
    attempt(contents);
    break;
  case 'fill':
    attempt(fill);
    break;
  default:
    process.exitCode = 2;
}
