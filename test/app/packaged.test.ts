/**
 * What is given away: `npm run dist -- --check` builds it and runs these tests, and those of the notebook, on it. Without
 * a build there is nothing to try: GUPBOOK_PACKAGED names the folder.
 */
import { execFile, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testArguments } from '../../main/setup/electron.mjs';
import { RELEASE_FUSES, readFuses } from '../../main/setup/release/fuses.mjs';
import { notebookWindow, screenshot } from './harness.ts';
import { NotebookPage, PATIENCE } from './notebook-page.ts';
import { startPackaged, windowProgram } from './packaged-app.ts';

const run = promisify(execFile);
const given = process.env.GUPBOOK_PACKAGED ?? '';
const repository = resolve(import.meta.dirname, '../..');

let place: string;
/** The packaged application, where no sources are. */
let folder: string;

beforeAll(() => {
  if (given === '') return;
  place = mkdtempSync(join(tmpdir(), 'gupbook-packaged-'));
  folder = join(place, 'gupbook');
  cpSync(given, folder, { recursive: true, verbatimSymlinks: true });
});
afterAll(() => {
  if (given !== '') rmSync(place, { recursive: true, force: true });
});

/** Starts the window's program with an environment and arguments of one's own, and kills it after a while. */
async function startedWith(env: Record<string, string>, args: readonly string[]): Promise<string> {
  const { DISPLAY = '', PATH = '', XAUTHORITY = '' } = process.env;
  const program = windowProgram(folder);
  const surroundings = { DISPLAY, PATH, XAUTHORITY, HOME: place, GUPBOOK_USER_DATA: join(place, 'data'), ...env };
  const options = { cwd: place, env: surroundings, timeout: 4000, killSignal: 'SIGKILL' as const };
  const ended: { stdout: string; stderr: string } = await run(program, [...args], options).catch((error) => error);
  return ended.stdout + ended.stderr;
}

async function cli(args: readonly string[], env: Record<string, string> = {}) {
  const { PATH = '' } = process.env;
  const surroundings = { PATH, HOME: place, GUPBOOK_NODE: process.execPath, ...env };
  return run(join(folder, 'bin/gupbook'), [...args], { cwd: place, env: surroundings });
}

describe.skipIf(given === '')('the packaged application', () => {
  it('has its fuses set for release', async () => {
    expect(await readFuses(windowProgram(folder))).toEqual(RELEASE_FUSES);
  });

  it('is no Node', async () => {
    const said = await startedWith({ ELECTRON_RUN_AS_NODE: '1' }, ['-p', '"ran " + 6 * 7', ...testArguments()]);
    expect(said).not.toContain('ran 42');
  });

  it('lets no debugger in, and takes no options of Node', async () => {
    const required = join(place, 'required.cjs');
    writeFileSync(required, 'console.error("option taken")');
    const said = await startedWith({ NODE_OPTIONS: `--require ${required}` }, ['--inspect=0', ...testArguments()]);
    expect(said).not.toMatch(/Debugger listening|option taken/);
  });

  it('loads its archive and no folder that was put beside it', async () => {
    const planted = join(folder, 'resources/app');
    mkdirSync(planted);
    writeFileSync(join(planted, 'package.json'), '{ "name": "planted", "main": "main.js" }');
    writeFileSync(join(planted, 'main.js'), 'console.error("planted ran")');
    try {
      expect(await startedWith({}, testArguments())).not.toContain('planted ran');
    } finally {
      rmSync(planted, { recursive: true });
    }
  });

  it(
    "opens the seed's scenario, runs it and exports, with no sources there",
    async () => {
      const data = join(place, 'window');
      const scenario = join(folder, 'resources/app.asar.unpacked/scenarios/two-bios.lab.ts');
      const app = await startPackaged(folder, { data, args: [scenario] });
      try {
        const notebook = new NotebookPage(await notebookWindow(app));
        await notebook.opened();
        expect(await notebook.text('.title')).toContain('two-bios.lab.ts');
        await notebook.goToCell(2);
        await notebook.press('Control+Enter');
        await notebook.cellSays(2, 'running');
        await notebook.idle();
        expect(await notebook.verdicts(2)).toContain('pin-v5: FAIL, as expected');
        await notebook.press('Control+Shift+E');
        await notebook.page.waitForFunction(() =>
          document.querySelector<HTMLTextAreaElement>('dialog textarea')?.value.includes('pin-v5'),
        );
        await screenshot(notebook.page, 'packaged');
        expect(filesOf(app.process.pid ?? 0).filter((file) => file.startsWith(`${repository}/`))).toEqual([]);
      } finally {
        await app.close();
      }
      const mail = join(place, 'report.mbox');
      await cli(['report', '1', '--format', 'ktap', '-o', mail], { GUPBOOK_USER_DATA: data });
      expect(readFileSync(mail, 'utf8')).toMatch(/^KTAP version 1\n/);
    },
    PATIENCE,
  );

  it('has its command line beside it', async () => {
    const { stdout } = await cli(['--version']);
    expect(stdout).toBe(`gupbook ${JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')).version}\n`);
    const scenario = join(folder, 'resources/app.asar.unpacked/scenarios/two-bios.lab.ts');
    const ran = await cli(['run', scenario, '--kernel', '7.2', '--only', 'FOLL_PIN', '--ktap']);
    expect(ran.stdout).toContain('ok 1');
    await expect(cli(['--version'], { GUPBOOK_NODE: join(place, 'none') })).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('needs Node.js 20.19'),
    });
  });

  it('has a doctor that knows what it is made of', async () => {
    const { gupbook, findings } = JSON.parse((await cli(['doctor', '--json'])).stdout);
    expect(gupbook).toMatch(/^\d/);
    const found = (what: string): string =>
      findings.find((one: { what: string; found: string }) => one.what === what)?.found ?? '';
    expect(found('Gupbook')).toContain(`installed in ${folder}`);
    expect(found('SQLite')).toMatch(/^3\./);
    expect(found('Electron')).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.skipIf(process.getuid?.() === 0 && !hasOrdinaryUser())(
    'opens a file for an ordinary user, in the sandbox of the system; a second start hands over and ends',
    async () => {
      const home = join(place, 'ordinary');
      mkdirSync(home);
      const notebook = join(home, 'mine.lab.ts');
      writeFileSync(notebook, '// %% Mine\nconst mine = 1;\n');
      const as = asOrdinaryUser(home);
      const open = (): { status: number | null; stderr: string } =>
        spawnSync(as.command, [...as.args, join(folder, 'bin/gupbook'), notebook], { ...as.options, encoding: 'utf8' });
      try {
        expect(open()).toMatchObject({ status: 0, stderr: '' });
        const pages = () => processesOf(home).filter(({ command }) => command.includes('--type=renderer'));
        await expect.poll(() => pages().length, { timeout: 30_000 }).toBeGreaterThan(1);
        for (const { pid } of pages()) {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          expect(status).toMatch(/^Seccomp:\s+2$/m);
          expect(status).toMatch(/^CapEff:\s+0+$/m);
        }
        const windows = () => processesOf(home).filter(({ command }) => !command.includes('--type=')).length;
        const before = windows();
        expect(open()).toMatchObject({ status: 0, stderr: '' });
        await expect.poll(windows, { timeout: 30_000 }).toBe(before);
      } finally {
        for (const { pid } of processesOf(home)) kill(pid);
      }
    },
    PATIENCE,
  );

  it('tells the desktop what it needs to know', () => {
    const share = join(folder, 'share');
    const entry = readFileSync(join(share, 'applications/gupbook.desktop'), 'utf8');
    expect(entry).toMatch(/^Exec=gupbook-window %f$/m);
    const type = /^MimeType=(.*);$/m.exec(entry)?.[1];
    const mime = readFileSync(join(share, 'mime/packages/gupbook.xml'), 'utf8');
    expect(mime).toContain(`type="${type}"`);
    expect(mime).toContain('pattern="*.lab.ts"');
    const icons = readdirSync(join(share, 'icons/hicolor'));
    for (const size of ['48x48', '256x256', 'scalable']) expect(icons).toContain(size);
    const png = readFileSync(join(share, 'icons/hicolor/256x256/apps/gupbook.png'));
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 256, 256]);
  });

  it('is put into the menu of one user, and taken out again', () => {
    const home = join(place, 'user');
    mkdirSync(home);
    const env = { PATH: process.env.PATH ?? '', HOME: home };
    const install = (args: string[]) => spawnSync(join(folder, 'install.sh'), args, { env, encoding: 'utf8' });
    expect(install([])).toMatchObject({ status: 0, stderr: '' });
    const entry = join(home, '.local/share/applications/gupbook.desktop');
    expect(readFileSync(entry, 'utf8')).toContain(`Exec="${folder}/gupbook-window" %f`);
    expect(
      spawnSync(join(home, '.local/bin/gupbook'), ['--version'], { env: { ...env, GUPBOOK_NODE: process.execPath } })
        .status,
    ).toBe(0);
    expect(install(['--remove']).status).toBe(0);
    expect(existsSync(entry)).toBe(false);
  });

  it('ships with the licences and the list of what it is made of', () => {
    const doc = join(folder, 'share/doc/gupbook');
    const licences = readFileSync(join(doc, 'THIRD-PARTY.txt'), 'utf8');
    const bom = JSON.parse(readFileSync(join(doc, 'sbom.cdx.json'), 'utf8'));
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX' });
    const names: string[] = bom.components.map(({ name }: { name: string }) => name);
    for (const name of ['electron', 'better-sqlite3', 'monaco-editor', 'react']) {
      expect(names).toContain(name);
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    for (const file of ['LICENSE.electron.txt', 'LICENSES.chromium.html'])
      expect(existsSync(join(folder, file))).toBe(true);
  });

  it('is the same in the Debian package, where that could be built', () => {
    const deb = readdirSync(dirname(given)).find((name) => name.endsWith('.deb'));
    if (deb === undefined) return;
    const listed = spawnSync('dpkg-deb', ['--contents', join(dirname(given), deb)], {
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    expect(listed.stdout).toMatch(/^-rwsr-xr-x root\/root .* \.\/opt\/gupbook\/chrome-sandbox$/m);
    expect(listed.stdout).toMatch(/ \.\/usr\/bin\/gupbook -> /);
    expect(listed.stdout).toMatch(/ \.\/usr\/share\/applications\/gupbook\.desktop$/m);
    expect(listed.stdout).not.toMatch(/^(?!.* root\/root ).+$/m);
  });
});

/** Whether root can become somebody else here. */
function hasOrdinaryUser(): boolean {
  return spawnSync('runuser', ['-u', 'nobody', '--', 'true']).status === 0;
}

/** How to start something as a user for whom Chromium has its sandbox: root has none. */
function asOrdinaryUser(home: string) {
  const { DISPLAY = '', PATH = '', XAUTHORITY = '' } = process.env;
  const env = { DISPLAY, PATH, XAUTHORITY, HOME: home, GUPBOOK_USER_DATA: join(home, 'data'), GUPBOOK_NODE: 'node' };
  const options = { cwd: home, env };
  if (process.getuid?.() !== 0) return { command: 'env', args: [], options };
  // What it may read and write: the application, its home, the display's key.
  spawnSync('chmod', ['-R', 'a+rX', place]);
  if (XAUTHORITY !== '') {
    cpSync(XAUTHORITY, join(home, 'display'));
    env.XAUTHORITY = join(home, 'display');
  }
  spawnSync('chown', ['-R', 'nobody', home]);
  return { command: 'runuser', args: ['-u', 'nobody', '--'], options };
}

/** Processes of the application that has this home. */
function processesOf(home: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const ours = environment.includes(`HOME=${home}\0`) || command.includes(home);
      return ours && command.includes('gupbook-window') ? [{ pid: Number(name), command }] : [];
    } catch {
      // It has just ended.
      return [];
    }
  });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Files that a process has open or mapped. */
function filesOf(pid: number): string[] {
  const folderOfFiles = `/proc/${pid}/fd`;
  const open = readdirSync(folderOfFiles).map((fd) => {
    try {
      return readlinkSync(join(folderOfFiles, fd));
    } catch {
      return '';
    }
  });
  const mapped = [...readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/ (\/\S+)$/gm)].map(([, path = '']) => path);
  return [...open, ...mapped];
}
