/** The window's own scheme: `gupbook://app/` serves the built renderer and nothing else, under one strict policy. */
import { readFile, realpath } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';

export const APP_SCHEME = 'gupbook';
export const APP_ORIGIN = `${APP_SCHEME}://app`;

/** For protocol.registerSchemesAsPrivileged(): a standard scheme has origins, and workers and modules load from it. */
export const APP_PRIVILEGES: CustomScheme = {
  scheme: APP_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

/**
 * The window's policy. 'unsafe-inline' is for styles only: Monaco writes them. `data:` is for Monaco's icon font and for
 * images; there is no remote source of any kind.
 */
export const APP_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "worker-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Kinds of file that the renderer's build makes. Anything else is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/** Serves the files under `root` (out/renderer) in one session. */
export function serveApp(protocol: Pick<Protocol, 'handle'>, root: string): void {
  protocol.handle(APP_SCHEME, async ({ url, method }) => {
    const file = method === 'GET' ? fileOf(root, url) : null;
    const bytes = file === null ? null : await readInside(root, file);
    if (file === null || bytes === null) return new Response(null, { status: 404 });
    return new Response(bytes, {
      headers: {
        'content-type': TYPES[extname(file)] ?? '',
        'content-security-policy': APP_POLICY,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      },
    });
  });
}

/** The file under `root` that a URL of the scheme means, or null: a foreign host, a way out, an unknown kind. */
export function fileOf(root: string, url: string): string | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || parsed.protocol !== `${APP_SCHEME}:` || parsed.host !== 'app') return null;
  const path = decoded(parsed.pathname);
  if (path === null || /[\\\0]/.test(path)) return null;
  const file = normalize(join(root, path === '/' || path === '' ? '/index.html' : path));
  return file.startsWith(root + sep) && !file.endsWith(sep) && extname(file) in TYPES ? file : null;
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Reads a file unless a link leads out of `root`. Null where there is none. */
async function readInside(root: string, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const [inside, real] = await Promise.all([realpath(root), realpath(file)]);
    return real.startsWith(inside + sep) ? new Uint8Array(await readFile(real)) : null;
  } catch {
    return null;
  }
}
