import { Dialog } from './Dialog.tsx';
import { COMMAND_LIST, keysText } from './keys.ts';

const GROUPS = ['Move', 'Cells', 'Run', 'Result', 'File', 'Window'] as const;

/** The keys, from the one table. */
export function Help() {
  return (
    <Dialog label="Keys" className="help" scrolls>
      <h2>Keys</h2>
      <p className="dim">
        NAV is the mode without a cursor in a text; Enter goes into a cell (EDIT), Escape comes back. Letters work in
        NAV only. Two keys, such as g g, are pressed one after the other. In an editor Ctrl+M lets Tab move the focus.
      </p>
      <div className="help-groups">
        {GROUPS.map((group) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {COMMAND_LIST.filter((command) => command.group === group && command.bindings.length > 0).map(
                (command) => (
                  <div key={command.id}>
                    <dt>{keysText(command)}</dt>
                    <dd>{command.title}</dd>
                  </div>
                ),
              )}
            </dl>
          </section>
        ))}
      </div>
      <p className="dim">Escape closes.</p>
    </Dialog>
  );
}
