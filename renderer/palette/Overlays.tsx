import { useAppState } from '../app/context.tsx';
import { ComposePane } from '../compose/ComposePane.tsx';
import { DecodePane } from '../decode/DecodePane.tsx';
import { Compare } from '../interleaving/Compare.tsx';
import { SchedulePane } from '../interleaving/SchedulePane.tsx';
import { FilePane } from '../notebook/FilePane.tsx';
import { OverviewPane } from '../notebook/OverviewPane.tsx';
import { RevisionsPane } from '../past/RevisionsPane.tsx';
import { RunsPane } from '../past/RunsPane.tsx';
import { SearchPane } from '../past/SearchPane.tsx';
import { StoragePane } from '../past/StoragePane.tsx';
import { ExportPane } from './ExportPane.tsx';
import { Find } from './Find.tsx';
import { Help } from './Help.tsx';
import { Palette } from './Palette.tsx';
import { SettingsPane } from './SettingsPane.tsx';
import { SourcePane } from './SourcePane.tsx';

/** Whatever lies over the window: palette, help, export or explanation. */
export function Overlays() {
  const overlay = useAppState((state) => state.overlay);
  switch (overlay?.kind) {
    case 'palette':
      return <Palette key={overlay.list} list={overlay.list} />;
    case 'find':
      return <Find />;
    case 'compare':
      return <Compare pane={overlay} />;
    case 'overview':
      return <OverviewPane />;
    case 'settings':
      return <SettingsPane />;
    case 'file':
      return <FilePane line={overlay.line} />;
    case 'schedule':
      return <SchedulePane text={overlay.text} />;
    case 'search':
      return <SearchPane />;
    case 'storage':
      return <StoragePane />;
    case 'runs':
      return <RunsPane />;
    case 'revisions':
      return <RevisionsPane pane={overlay} />;
    case 'source':
      return <SourcePane pane={overlay} />;
    case 'help':
      return <Help />;
    case 'export':
      return <ExportPane pane={overlay} />;
    case 'compose':
      return <ComposePane pane={overlay} />;
    case 'decode':
      return <DecodePane pane={overlay} />;
    default:
      return null;
  }
}
