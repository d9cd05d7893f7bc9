/** What `mapcount=` counts: that changed in 6.10, and a trace does not say so. */
import { type EventBatch, Ref } from './event-batch.ts';

/** `raw`: the field itself, -1 is unmapped. `cooked`: page_mapcount(), 0 is unmapped. */
export type MapcountForm = 'raw' | 'cooked' | 'unknown';

/** What a batch of events shows: an unmapped page, or a page that was just allocated and so is not mapped. */
export function mapcountForm(batch: EventBatch): MapcountForm {
  let form: MapcountForm = 'unknown';
  for (let i = 0; i < batch.length; i++) {
    if ((batch.mapcount[i] ?? 0) < 0) return 'raw';
    const fresh = batch.op[i] === Ref.set && batch.mappingHigh[i] === 0 && batch.mappingLow[i] === 0;
    if (fresh && batch.mapcount[i] === 0) form = 'cooked';
  }
  return form;
}
