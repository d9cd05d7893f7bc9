/**
 * The one table of commands and keys. The key matcher, the help, the palette, the native menu's events and the tests
 * all read it; a key that is not here does not exist.
 */

/** Parts of the window that F6 walks through, in that order. */
export const REGIONS = ['outline', 'notebook', 'state', 'interleaving'] as const;
export type Region = (typeof REGIONS)[number];

/** `nav`: no text editor has the focus. `edit`: one has. `both`: always. */
export type KeyMode = 'nav' | 'edit' | 'both';

/** One way to give a command. Two keys with a blank between them are pressed one after the other. */
export interface Binding {
  readonly keys: string;
  readonly mode: KeyMode;
  /** Only while the focus is in one of these regions; everywhere where absent. */
  readonly regions?: readonly Region[];
}

export interface Command {
  readonly title: string;
  readonly group: 'Move' | 'Cells' | 'Run' | 'Result' | 'File' | 'Window';
  readonly bindings: readonly Binding[];
}

const nav = (keys: string, regions?: readonly Region[]): Binding =>
  regions === undefined ? { keys, mode: 'nav' } : { keys, mode: 'nav', regions };
const both = (keys: string): Binding => ({ keys, mode: 'both' });
const edit = (keys: string): Binding => ({ keys, mode: 'edit' });

const CELLS: readonly Region[] = ['outline', 'notebook'];
const RESULT: readonly Region[] = ['state', 'interleaving'];

export const COMMANDS = {
  'cell.next': {
    title: 'Next cell',
    group: 'Move',
    bindings: [nav('j', CELLS), nav('ArrowDown', CELLS)],
  },
  'cell.previous': {
    title: 'Previous cell',
    group: 'Move',
    bindings: [nav('k', CELLS), nav('ArrowUp', CELLS)],
  },
  'cell.first': { title: 'First cell', group: 'Move', bindings: [nav('g g', CELLS)] },
  'cell.last': { title: 'Last cell', group: 'Move', bindings: [nav('G', CELLS)] },
  'cell.go': { title: 'Go to cell ...', group: 'Move', bindings: [both('Ctrl+P')] },
  find: { title: 'Find in all cells ...', group: 'Move', bindings: [both('Ctrl+Shift+F'), nav('/')] },
  'find.next': { title: 'Next place found', group: 'Move', bindings: [nav('n', CELLS)] },
  'find.previous': { title: 'Previous place found', group: 'Move', bindings: [nav('N', CELLS)] },
  search: { title: 'Search everything ...', group: 'Move', bindings: [both('Ctrl+Shift+H'), nav('&')] },
  'cell.edit': { title: 'Edit cell', group: 'Move', bindings: [nav('Enter', CELLS), nav('i')] },
  'cell.leave': { title: 'Leave the editor', group: 'Move', bindings: [edit('Escape')] },
  'cell.verdicts': { title: 'Go to the verdicts of the cell', group: 'Move', bindings: [nav('v')] },
  overview: { title: 'All verdicts of the notebook', group: 'Move', bindings: [nav('V')] },
  'cell.whatIf': { title: 'Go to the what-if controls of the cell', group: 'Move', bindings: [nav('w')] },
  'region.next': { title: 'Next region', group: 'Move', bindings: [both('F6')] },
  'region.previous': { title: 'Previous region', group: 'Move', bindings: [both('Shift+F6')] },

  'cell.below': { title: 'New cell below', group: 'Cells', bindings: [nav('o', CELLS)] },
  'cell.above': { title: 'New cell above', group: 'Cells', bindings: [nav('O', CELLS)] },
  'cell.kind': { title: 'Change between Markdown and code', group: 'Cells', bindings: [nav('m', CELLS)] },
  'cell.down': { title: 'Move cell down', group: 'Cells', bindings: [nav('J', CELLS)] },
  'cell.up': { title: 'Move cell up', group: 'Cells', bindings: [nav('K', CELLS)] },
  'cell.delete': { title: 'Delete cell', group: 'Cells', bindings: [nav('d d', CELLS)] },
  'cell.paste': { title: 'Paste deleted cell below', group: 'Cells', bindings: [nav('p', CELLS)] },
  'cell.duplicate': { title: 'Duplicate cell', group: 'Cells', bindings: [nav('D', CELLS)] },
  'cell.split': { title: 'Split the cell at the cursor', group: 'Cells', bindings: [edit('Ctrl+_')] },
  'cell.merge': { title: 'Merge with the cell below', group: 'Cells', bindings: [nav('M', CELLS)] },
  'cell.fold': { title: 'Fold or unfold cell', group: 'Cells', bindings: [nav('z a', CELLS)] },
  'cell.foldAll': { title: 'Fold all cells', group: 'Cells', bindings: [nav('z M', CELLS)] },
  'cell.unfoldAll': { title: 'Unfold all cells', group: 'Cells', bindings: [nav('z R', CELLS)] },
  'cell.undo': { title: 'Undo change of cells', group: 'Cells', bindings: [nav('u', CELLS)] },
  'cell.redo': { title: 'Redo change of cells', group: 'Cells', bindings: [nav('Ctrl+R', CELLS)] },

  'run.cell': { title: 'Run cell', group: 'Run', bindings: [both('Ctrl+Enter'), nav('e e')] },
  'run.next': { title: 'Run cell, go to next', group: 'Run', bindings: [both('Shift+Enter')] },
  'run.insert': { title: 'Run cell, new cell below', group: 'Run', bindings: [both('Alt+Enter')] },
  'run.stale': { title: 'Run all stale cells', group: 'Run', bindings: [nav('e s')] },
  'run.below': { title: 'Run from this cell on', group: 'Run', bindings: [nav('e b')] },
  'run.all': { title: 'Run all cells', group: 'Run', bindings: [both('Ctrl+Shift+Enter'), nav('e a')] },
  'run.stop': { title: 'Stop', group: 'Run', bindings: [both('Ctrl+.'), nav('Ctrl+C'), nav('e x')] },

  'whatIf.sweep': { title: 'What if: sweep the control changed last', group: 'Run', bindings: [nav('e w')] },
  'whatIf.keep': { title: 'What if: write the values into the cell', group: 'Run', bindings: [] },
  'whatIf.clear': { title: 'What if: back to what the file says', group: 'Run', bindings: [] },

  'step.back': { title: 'Step back', group: 'Result', bindings: [nav('[')] },
  'step.forward': { title: 'Step forward', group: 'Result', bindings: [nav(']')] },
  'step.up': {
    title: 'Previous row of the interleaving',
    group: 'Result',
    bindings: [nav('ArrowUp', RESULT), nav('k', RESULT)],
  },
  'step.down': {
    title: 'Next row of the interleaving',
    group: 'Result',
    bindings: [nav('ArrowDown', RESULT), nav('j', RESULT)],
  },
  'step.previousChange': { title: 'Previous change of a page', group: 'Result', bindings: [nav('{')] },
  'step.nextChange': { title: 'Next change of a page', group: 'Result', bindings: [nav('}')] },
  'step.first': { title: 'Before the first step', group: 'Result', bindings: [nav('Home', RESULT)] },
  'step.last': { title: 'Last step', group: 'Result', bindings: [nav('End', RESULT)] },
  'step.failing': { title: 'Failing step', group: 'Result', bindings: [nav('f')] },
  'step.source': {
    title: "Go to the step's line in the notebook",
    group: 'Result',
    bindings: [nav('Enter', RESULT), nav('F12', RESULT)],
  },
  'failure.next': { title: 'Next failing check', group: 'Result', bindings: [nav('x')] },
  'schedule.type': { title: 'Schedule by hand: type one ...', group: 'Result', bindings: [nav('s', RESULT)] },
  'schedule.actor': {
    title: 'Schedule by hand: another actor at this step',
    group: 'Result',
    bindings: [nav('a', RESULT)],
  },
  'schedule.more': {
    title: 'Schedule by hand: one more step at the end',
    group: 'Result',
    bindings: [nav('+', RESULT)],
  },
  'schedule.cut': {
    title: 'Schedule by hand: end it at this step',
    group: 'Result',
    bindings: [nav('Backspace', RESULT)],
  },
  'schedule.leave': {
    title: 'Schedule by hand: back to what the search found',
    group: 'Result',
    bindings: [nav('S', RESULT)],
  },
  mark: { title: 'Mark steps from here, or end marking', group: 'Result', bindings: [nav('m', RESULT)] },
  'mark.up': { title: 'Mark the step before as well', group: 'Result', bindings: [nav('Shift+ArrowUp', RESULT)] },
  'mark.down': { title: 'Mark the next step as well', group: 'Result', bindings: [nav('Shift+ArrowDown', RESULT)] },
  'lanes.toggle': { title: 'Show or hide the lanes of the schedule', group: 'Result', bindings: [nav('t')] },
  'compare.keep': { title: 'Keep this schedule to compare with', group: 'Result', bindings: [nav('c')] },
  'compare.show': { title: 'Compare schedules side by side', group: 'Result', bindings: [nav('C')] },
  copy: { title: 'Copy what has the focus as text', group: 'Result', bindings: [nav('y')] },

  'file.open': { title: 'Open notebook ...', group: 'File', bindings: [both('Ctrl+O')] },
  'file.scenarios': { title: 'Open a shipped scenario ...', group: 'File', bindings: [] },
  'file.save': { title: 'Save', group: 'File', bindings: [both('Ctrl+S')] },
  'file.saveAs': { title: 'Save as ...', group: 'File', bindings: [both('Ctrl+Shift+S')] },
  'mail.open': { title: 'Answer a mail, or run what it reports ...', group: 'File', bindings: [both('Ctrl+Shift+M')] },
  'file.whole': { title: 'Edit the whole file as one text', group: 'File', bindings: [both('F4')] },
  'file.reload': { title: 'Take the text on the disk', group: 'File', bindings: [] },
  'history.revisions': { title: 'Revisions of the notebook ...', group: 'File', bindings: [nav('H')] },
  'history.runs': { title: 'Compare two runs ...', group: 'File', bindings: [nav('R')] },
  'history.pin': { title: 'Pin the run shown, or let it go', group: 'File', bindings: [nav('P')] },
  'history.storage': { title: 'Sizes and pruning of stored runs ...', group: 'File', bindings: [nav('B')] },
  'report.export': { title: 'Export a report ...', group: 'File', bindings: [both('Ctrl+Shift+E')] },

  'decode.open': { title: 'Explain kernel output ...', group: 'File', bindings: [both('Ctrl+Shift+D')] },

  palette: { title: 'All commands ...', group: 'Window', bindings: [both('Ctrl+Shift+P')] },
  help: { title: 'Keys', group: 'Window', bindings: [both('F1'), nav('?')] },
  interface: { title: 'Show the scripting interface', group: 'Window', bindings: [both('Shift+F1')] },
  settings: { title: 'Settings ...', group: 'Window', bindings: [both('Ctrl+,')] },
  'outline.toggle': { title: 'Show or hide the outline', group: 'Window', bindings: [both('F2')] },
  'theme.dark': { title: 'Theme: dark', group: 'Window', bindings: [] },
  'theme.light': { title: 'Theme: light', group: 'Window', bindings: [] },
  'theme.contrast': { title: 'Theme: high contrast', group: 'Window', bindings: [] },
  'theme.system': { title: "Theme: the system's own", group: 'Window', bindings: [] },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandId = keyof typeof COMMANDS;

/** Every command with its id, in the table's order. */
export const COMMAND_LIST: readonly (Command & { readonly id: CommandId })[] = idsOf(COMMANDS).map((id) => ({
  id,
  ...COMMANDS[id],
}));

/** What the palette offers: nothing that would only open it again, or needs the editor that lost its focus to it. */
export const PALETTE_COMMANDS = COMMAND_LIST.filter(({ id }) => id !== 'palette' && id !== 'cell.leave');

function idsOf<T extends object>(table: T): readonly (keyof T)[] {
  const ids: (keyof T)[] = [];
  for (const id in table) ids.push(id);
  return ids;
}

/** True for the name of a command; used where names come from outside, such as the native menu. */
export function isCommandId(name: string): name is CommandId {
  return Object.hasOwn(COMMANDS, name);
}

/** `Ctrl+Enter, e e`: the keys of a command as the help and the palette write them. */
export function keysText(command: Command): string {
  return command.bindings.map((binding) => binding.keys.replace(/Arrow(\w+)/, '$1')).join(', ');
}
