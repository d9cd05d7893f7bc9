import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CRASHES, crashReports, diagnosticsFolders, reportCrash } from '../../main/diagnostics/crashes.ts';
import { faultOf } from '../../main/diagnostics/fault.ts';
import { LOG_FILES, lastLines, openLog } from '../../main/diagnostics/log.ts';
import { holds } from '../lab/property.ts';

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'gupbook-log-'));
  folders.push(made);
  return made;
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

const SECRET = 'experiment("my unpublished race", {}, (lab) => {})';

describe('the log', () => {
  it('has one line an event, with its facts', () => {
    const logs = folder();
    openLog(logs, { now: () => 0 }).note('app.start', { version: '0.1.0', cores: 2, packaged: false });
    expect(readFileSync(join(logs, 'gupbook.log'), 'utf8')).toBe(
      '1970-01-01T00:00:00.000Z app.start version=0.1.0 cores=2 packaged=false\n',
    );
  });

  it('withholds sentences and paths', () => {
    const logs = folder();
    const log = openLog(logs);
    log.note('notebook', { text: SECRET, path: '/home/jane/embargoed.lab.ts', lines: 'a\nb' });
    const [line = ''] = lastLines(logs, 1);
    expect(line).toMatch(/ notebook text=\(withheld\) path=\(withheld\) lines=\(withheld\)$/);
  });

  it('stays one line an event, whatever it is told', () => {
    const logs = folder();
    const log = openLog(logs, { limit: 10_000_000 });
    let events = 0;
    holds(
      fc.tuple(fc.string({ unit: 'binary' }), fc.dictionary(fc.string(), fc.string({ unit: 'binary' }))),
      (told) => {
        log.note(told[0], told[1]);
        events += 1;
      },
    );
    expect(lastLines(logs, events * 2)).toHaveLength(events);
  });

  it('keeps so many files of bounded size', () => {
    const logs = folder();
    const log = openLog(logs, { limit: 1000 });
    for (let i = 0; i < 500; i++) log.note('event', { i });
    const files = readdirSync(logs);
    expect(files).toHaveLength(LOG_FILES);
    for (const file of files) expect(statSync(join(logs, file)).size).toBeLessThanOrEqual(1000);
    const tail = lastLines(logs, 40).map((line) => Number(line.split('i=')[1]));
    expect(tail).toEqual(Array.from({ length: 40 }, (_, i) => 460 + i));
  });

  it('fails no one where it cannot be written', () => {
    const file = join(folder(), 'a-file');
    writeFileSync(file, '');
    expect(() => openLog(join(file, 'logs')).note('event')).not.toThrow();
    expect(lastLines(join(file, 'logs'), 5)).toEqual([]);
  });
});

describe('an error', () => {
  it('is told by kind and place, never by what it says', () => {
    const fault = faultOf(Object.assign(new TypeError(SECRET), { code: 'ENOSPC' }));
    expect(fault).toMatchObject({ error: 'TypeError', code: 'ENOSPC' });
    expect(fault.at).toMatch(/@log\.test\.ts:\d+:\d+/);
    expect(JSON.stringify(fault)).not.toContain('unpublished');
    expect(faultOf(SECRET)).toEqual({ error: 'string' });
  });

  it('of several lines gives its frames away and nothing else', () => {
    const logs = folder();
    openLog(logs).note('main.exception', faultOf(new Error(`first\n    at ${SECRET} (x)\nlast`)));
    expect(lastLines(logs, 1)[0]).not.toContain('unpublished');
  });
});

describe('crash reports', () => {
  it('repeat the end of the log, and only the newest are kept', () => {
    const data = folder();
    const { logs, crashes } = diagnosticsFolders(data);
    openLog(logs).note('app.start');
    for (let i = 0; i < CRASHES + 3; i++) reportCrash(data, { event: 'window.gone', i }, i);
    const names = crashReports(crashes);
    expect(names).toHaveLength(CRASHES);
    const newest: unknown = JSON.parse(readFileSync(join(crashes, names[0] ?? ''), 'utf8'));
    expect(newest).toMatchObject({ event: 'window.gone', i: CRASHES + 2, log: [expect.stringContaining('app.start')] });
  });

  it('fail no one where they cannot be written', () => {
    const file = join(folder(), 'a-file');
    writeFileSync(file, '');
    expect(() => reportCrash(file, {}, 0)).not.toThrow();
    expect(crashReports(file)).toEqual([]);
  });
});
