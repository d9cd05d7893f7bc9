import { expect, it } from 'vitest';
import { FORMATS } from '../../main/report/index.ts';
import { REPORT_FORMATS } from '../../preload/contract.ts';
import { FORMATS as OFFERED } from '../../renderer/app/exporting.ts';

it('the window offers every format of a report, under the ending that such a file has', () => {
  expect([...REPORT_FORMATS].sort()).toEqual(Object.keys(FORMATS).sort());
  for (const { format, ending } of OFFERED) expect(`.${ending}`).toBe(FORMATS[format].extension);
});
