/**
 * The native menu. Its commands are the window's own, by the ids of renderer/palette/keys.ts (a test compares them): the
 * menu only sends an id. Keys are shown here and handled in the window.
 */
import type { MenuItemConstructorOptions } from 'electron';

type Item = MenuItemConstructorOptions;

/** @param development adds the page's developer tools, which the packaged application does not have. */
export function menuTemplate(command: (id: string) => void, development: boolean): Item[] {
  const item = (label: string, id: string, accelerator?: string): Item => ({
    label,
    id,
    click: () => command(id),
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  });
  const line: Item = { type: 'separator' };
  return [
    {
      label: '&File',
      submenu: [
        item('&Open notebook ...', 'file.open', 'Ctrl+O'),
        item('Open s&hipped scenario ...', 'file.scenarios'),
        line,
        item('&Save', 'file.save', 'Ctrl+S'),
        item('Save &as ...', 'file.saveAs', 'Ctrl+Shift+S'),
        item('E&xplain kernel output ...', 'decode.open', 'Ctrl+Shift+D'),
        item('Revisions of &this notebook ...', 'history.revisions'),
        item('Search everyt&hing ...', 'search', 'Ctrl+Shift+H'),
        item('S&izes and pruning ...', 'history.storage'),
        item('&Export a report ...', 'report.export', 'Ctrl+Shift+E'),
        item('A&nswer a mail ...', 'mail.open', 'Ctrl+Shift+M'),
        line,
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&Run',
      submenu: [
        item('Run &cell', 'run.cell', 'Ctrl+Enter'),
        item('Run &all cells', 'run.all', 'Ctrl+Shift+Enter'),
        item('&Stop', 'run.stop', 'Ctrl+.'),
      ],
    },
    {
      label: '&View',
      submenu: [
        item('All &commands ...', 'palette', 'Ctrl+Shift+P'),
        item('&Whole file', 'file.whole', 'F4'),
        item('S&ettings ...', 'settings', 'Ctrl+,'),
        item('&Outline', 'outline.toggle', 'F2'),
        {
          label: '&Theme',
          submenu: [
            item('&Dark', 'theme.dark'),
            item('&Light', 'theme.light'),
            item('High &contrast', 'theme.contrast'),
            item("The &system's own", 'theme.system'),
          ],
        },
        line,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(development ? [line, { role: 'toggleDevTools' } satisfies Item] : []),
      ],
    },
    { label: '&Help', submenu: [item('&Keys', 'help', 'F1')] },
  ];
}
