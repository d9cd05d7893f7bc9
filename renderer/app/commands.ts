/** What each command of the key table does. The type makes a command without a deed impossible. */
import type { ThemeChoice } from '../../preload/contract.ts';
import { cellState } from '../notebook/cell-state.ts';
import { type CommandId, REGIONS } from '../palette/keys.ts';
import { type App, say } from './app.ts';
import * as cells from './cells.ts';
import { compare, keepSchedule } from './comparing.ts';
import { openCompose } from './composing.ts';
import { copyFocused } from './copying.ts';
import { openDecode } from './decoding.ts';
import { viewCells } from './document.ts';
import { openExport } from './exporting.ts';
import { openDialog, reload, save, saveAs } from './files.ts';
import { findAgain, openFind } from './finding.ts';
import { openPane, openRevisions, openRunComparison, togglePin } from './past.ts';
import { codeCells, run, stop } from './running.ts';
import { changeActor, cutHere, leaveByHand, oneMore, typeSchedule } from './schedule.ts';
import { setTheme } from './settings.ts';
import type { Overlay } from './state.ts';
import { goToStepSource, markTo, nextFailure, stepTo, TARGETS, toggleMark } from './stepping.ts';
import { clear, controlsOf, keep, sweep } from './what-if.ts';
import { openFile } from './whole-file.ts';

type Deed = (app: App) => void | Promise<void>;

const overlay =
  (shown: Overlay): Deed =>
  (app) => {
    app.store.dispatch({ type: 'overlay', overlay: shown });
  };

const step =
  (target: keyof typeof TARGETS): Deed =>
  (app) =>
    stepTo(app, TARGETS[target]);

const theme =
  (choice: ThemeChoice): Deed =>
  (app) =>
    setTheme(app, choice);

const DEEDS: Readonly<Record<CommandId, Deed>> = {
  'cell.next': (app) => cells.moveFocus(app, 1),
  'cell.previous': (app) => cells.moveFocus(app, -1),
  'cell.first': (app) => cells.moveFocus(app, Number.NEGATIVE_INFINITY),
  'cell.last': (app) => cells.moveFocus(app, Number.POSITIVE_INFINITY),
  'cell.go': overlay({ kind: 'palette', list: 'cells' }),
  find: openFind,
  'find.next': (app) => findAgain(app, 1),
  'find.previous': (app) => findAgain(app, -1),
  search: (app) => openPane(app, { kind: 'search' }),
  'cell.edit': (app) => cells.edit(app, focusedId(app)),
  'cell.leave': cells.leaveEditor,
  'cell.verdicts': (app) => app.screen.focusVerdicts(focusedId(app)),
  overview: overlay({ kind: 'overview' }),
  'cell.whatIf': goToWhatIf,
  'region.next': (app) => walkRegions(app, 1),
  'region.previous': (app) => walkRegions(app, -1),

  'cell.below': (app) => cells.addCell(app, 1),
  'cell.above': (app) => cells.addCell(app, 0),
  'cell.kind': cells.changeKind,
  'cell.down': (app) => cells.shiftCell(app, 1),
  'cell.up': (app) => cells.shiftCell(app, -1),
  'cell.delete': cells.removeCell,
  'cell.paste': cells.pasteCell,
  'cell.duplicate': cells.duplicateCell,
  'cell.split': (app) => cells.split(app),
  'cell.merge': cells.mergeBelow,
  'cell.fold': (app) => cells.fold(app, [focusedId(app)]),
  'cell.foldAll': (app) => cells.foldAll(app, true),
  'cell.unfoldAll': (app) => cells.foldAll(app, false),
  'cell.undo': (app) => cells.undo(app, 'undo'),
  'cell.redo': (app) => cells.undo(app, 'redo'),

  'run.cell': (app) => runFocused(app),
  'run.next': (app) => {
    const running = runFocused(app);
    cells.leaveEditor(app);
    cells.moveFocus(app, 1);
    return running;
  },
  'run.insert': (app) => {
    const running = runFocused(app);
    cells.leaveEditor(app);
    cells.addCell(app, 1);
    return running;
  },
  'run.stale': (app) => {
    const stale = staleCells(app);
    if (stale.length > 0) return run(app, stale);
    say(app, 'info', 'No cell is stale.');
    return undefined;
  },
  'run.below': (app) => run(app, fromFocused(app)),
  'run.all': (app) => run(app, null),
  'run.stop': stop,

  'whatIf.sweep': (app) => sweep(app, focusedId(app), null),
  'whatIf.keep': (app) => keep(app, focusedId(app)),
  'whatIf.clear': (app) => clear(app, focusedId(app)),

  'step.back': step('back'),
  'step.forward': step('forward'),
  'step.up': step('back'),
  'step.down': step('forward'),
  'step.previousChange': step('previousChange'),
  'step.nextChange': step('nextChange'),
  'step.first': step('first'),
  'step.last': step('last'),
  'step.failing': step('failing'),
  'step.source': goToStepSource,
  'failure.next': nextFailure,
  'schedule.type': typeSchedule,
  'schedule.actor': changeActor,
  'schedule.more': oneMore,
  'schedule.cut': cutHere,
  'schedule.leave': leaveByHand,
  mark: toggleMark,
  'mark.up': (app) => markTo(app, -1),
  'mark.down': (app) => markTo(app, 1),
  'lanes.toggle': (app) => app.store.dispatch({ type: 'lanes', shown: !app.store.get().lanesShown }),
  'compare.keep': keepSchedule,
  'compare.show': compare,
  copy: copyFocused,

  'file.open': openDialog,
  'file.scenarios': overlay({ kind: 'palette', list: 'scenarios' }),
  'file.save': save,
  'file.saveAs': saveAs,
  'file.whole': openFile,
  'file.reload': reload,
  'mail.open': openCompose,
  'history.revisions': (app) => openRevisions(app),
  'history.runs': openRunComparison,
  'history.pin': togglePin,
  'history.storage': (app) => openPane(app, { kind: 'storage' }),
  'report.export': openExport,
  'decode.open': openDecode,

  palette: overlay({ kind: 'palette', list: 'commands' }),
  help: overlay({ kind: 'help' }),
  interface: overlay({ kind: 'source', place: null }),
  settings: overlay({ kind: 'settings' }),
  'outline.toggle': (app) => app.store.dispatch({ type: 'outline', shown: !app.store.get().outlineShown }),
  'theme.dark': theme('dark'),
  'theme.light': theme('light'),
  'theme.contrast': theme('contrast'),
  'theme.system': theme('system'),
};

/** Does a command. What an earlier one had to say is taken off the screen first. */
export function perform(app: App, command: CommandId): void {
  if (app.store.get().notice !== null) app.store.dispatch({ type: 'notice', notice: null });
  void DEEDS[command](app);
}

function focusedId(app: App): string {
  return app.store.get().notebook?.focused ?? '';
}

/** To the controls above the focused cell's result; says why where there are none. */
function goToWhatIf(app: App): void {
  const state = app.store.get();
  const id = focusedId(app);
  if (controlsOf(state, id).length === 0) say(app, 'info', 'This cell has nothing that could be otherwise.');
  else if ((state.cellRuns.get(id)?.planned.length ?? 0) + (state.cellRuns.get(id)?.results.length ?? 0) === 0) {
    say(app, 'info', 'Run the cell first (Ctrl+Enter): the controls stand above its result.');
  } else app.screen.focusWhatIf(id);
}

/** Runs the focused cell; a Markdown cell is drawn instead. */
function runFocused(app: App): Promise<void> | undefined {
  const id = focusedId(app);
  if (codeCells(app).includes(id)) return run(app, [id]);
  if (app.store.get().notebook?.editing === id) cells.leaveEditor(app);
  else say(app, 'info', 'A Markdown cell has nothing to run.');
  return undefined;
}

/** Cells whose results are no longer about them. */
function staleCells(app: App): readonly string[] {
  const { notebook, cellRuns } = app.store.get();
  if (notebook === null) return [];
  return codeCells(app).filter((id) => cellState(notebook, id, cellRuns.get(id)).word === 'stale');
}

function fromFocused(app: App): readonly string[] {
  const { notebook } = app.store.get();
  if (notebook === null) return [];
  const shown = viewCells(notebook.doc);
  const from = shown.findIndex(({ id }) => id === notebook.focused);
  return shown.slice(Math.max(0, from)).flatMap(({ id, kind }) => (kind === 'code' ? [id] : []));
}

function walkRegions(app: App, offset: 1 | -1): void {
  const { region, outlineShown } = app.store.get();
  const regions = REGIONS.filter((candidate) => candidate !== 'outline' || outlineShown);
  const next = regions[(regions.indexOf(region) + offset + regions.length) % regions.length];
  if (next !== undefined) app.screen.focusRegion(next);
}
