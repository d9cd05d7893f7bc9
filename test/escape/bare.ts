/**
 * What a script could try to get out if it had every global of a worker: the page's policy, its opaque origin and its
 * session stand alone then. Bodies of async functions, in which `url` is a server on this machine that counts.
 */

/** Name and body. Each is refused with an error. */
export const BLOCKED: readonly (readonly [string, string])[] = [
  ['fetch of a server', 'return (await fetch(url)).status'],
  ['fetch without cors', 'return (await fetch(url, { mode: "no-cors" })).type'],
  ['fetch of a name', 'return (await fetch("http://localhost/")).status'],
  ['fetch of a file', 'return (await fetch("file:///etc/passwd")).text()'],
  ['fetch of data:', 'return (await fetch("data:text/plain,x")).text()'],
  ['fetch of a blob', 'return (await fetch(URL.createObjectURL(new Blob(["x"])))).text()'],
  ['fetch of its own scheme', 'return (await fetch("gupbook-run://run/")).text()'],
  ["fetch of the window's scheme", 'return (await fetch("gupbook://app/index.html")).text()'],
  ['a synchronous request', 'const x = new XMLHttpRequest(); x.open("GET", url, false); x.send(); return x.status'],
  [
    'a synchronous request of a file',
    'const x = new XMLHttpRequest(); x.open("GET", "file:///etc/passwd", false); x.send(); return x.responseText',
  ],
  ['import() of a server', 'return Object.keys(await import(url + "x.js"))'],
  ['import() of data:', 'return Object.keys(await import("data:text/javascript,export const a = 1"))'],
  ['import() of its own scheme', 'return Object.keys(await import("gupbook-run://run/x.js"))'],
  ["import() of the window's scheme", 'return Object.keys(await import("gupbook://app/assets/index.js"))'],
  ['import() of Node', 'return Object.keys(await import("node:fs"))'],
  ['importScripts of a server', 'importScripts(url + "x.js"); return "ran"'],
  ['importScripts of data:', 'importScripts("data:text/javascript,1"); return "ran"'],
  ['importScripts of a file', 'importScripts("file:///etc/hostname"); return "ran"'],
  ['eval', 'return eval("1 + 1")'],
  ['new Function', 'return new Function("return 1")()'],
  ['WebAssembly', 'return new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0))'],
  [
    'IndexedDB',
    'return await new Promise((ok, no) => { const r = indexedDB.open("x"); r.onsuccess = () => ok("open"); r.onerror = () => no(r.error) })',
  ],
  ['OPFS', 'return await navigator.storage.getDirectory()'],
  [
    'a worker of data:',
    'return await new Promise((ok, no) => { const w = new Worker("data:text/javascript,postMessage(1)"); w.onmessage = () => ok("ran"); w.onerror = () => no("error") })',
  ],
  [
    'a worker of its scheme',
    'return await new Promise((ok, no) => { const w = new Worker("gupbook-run://run/w.js"); w.onmessage = () => ok("ran"); w.onerror = () => no("error") })',
  ],
  ['a font', 'return await new FontFace("x", "url(" + url + ")").load()'],
];

/** Name and body. What they come to is not `ok`; nothing reaches the server. */
export const UNHEARD: readonly (readonly [string, string])[] = [
  ['a web socket', opened(`new WebSocket(url.replace("http", "ws"))`)],
  ['server-sent events', opened('new EventSource(url)')],
  ['a stream of a web socket', 'return await new WebSocketStream(url.replace("http", "ws")).opened'],
];

function opened(source: string): string {
  return `const s = ${source}; return await new Promise((ok, no) => { s.onopen = () => ok("open"); s.onerror = () => no("error") })`;
}

/**
 * What code in the runner's page could try, where a script gets only through a hole in the browser. Name and statements;
 * `url` and `port` are those of a server on this machine that counts connections and packets.
 */
export const IN_THE_PAGE: readonly (readonly [string, string])[] = [
  ['fetch', 'await fetch(url).catch(() => {})'],
  ['a picture', 'new Image().src = url'],
  ['a script', element('script', 'src')],
  ['a style sheet', `${element('link', 'href')}; made.rel = 'stylesheet'`],
  ['a frame', element('iframe', 'src')],
  ['a prefetch', `${element('link', 'href')}; made.rel = 'prefetch'`],
  ['a look-up of a name', `${element('link', 'href')}; made.rel = 'dns-prefetch'; made.href = '//escape.example.org'`],
  ['a beacon', 'navigator.sendBeacon(url, "x")'],
  ['a web socket', 'new WebSocket(url.replace("http", "ws"))'],
  ['a form', `${element('form', 'action')}; made.submit()`],
  ['navigation', 'location.href = url'],
  ['navigation to the window', 'location.href = "gupbook://app/index.html"'],
  ['a new window', 'open(url)'],
  ['a download', `${element('a', 'href')}; made.download = 'x'; made.click()`],
  ['a shared worker', 'new SharedWorker(url)'],
  ['a service worker', 'await navigator.serviceWorker.register(url)'],
  ['storage', 'localStorage.setItem("x", "1")'],
  [
    'WebRTC',
    `const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + port }] }); peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer()); await new Promise((later) => setTimeout(later, 1500))`,
  ],
];

function element(name: string, attribute: string): string {
  return `const made = document.createElement('${name}'); made.${attribute} = url; document.documentElement.append(made)`;
}

/** What even a bare worker does not have. */
export const ABSENT: readonly string[] = [
  ...['process', 'require', 'module', 'electron', 'RTCPeerConnection', 'SharedWorker', 'localStorage', 'cookieStore'],
  ...['caches', 'navigator.serviceWorker', 'navigator.gpu', 'navigator.sendBeacon', 'document', 'window'],
];
