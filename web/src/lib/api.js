// Asking the server: plain GETs, and one live stream read by hand, because EventSource cannot carry the token.
// The token comes in the address behind '#', is kept for this tab only, and is taken out of the address bar at once.

const tokenKey = 'keisei.token';

function takeToken() {
  const found = /^#token=([\w.~-]+)/.exec(location.hash);
  if (found) {
    sessionStorage.setItem(tokenKey, found[1]);
    history.replaceState(null, '', location.pathname + '#/overview');
  }
  return sessionStorage.getItem(tokenKey) ?? '';
}

const token = takeToken();
const headers = token ? { Authorization: `Bearer ${token}` } : {};

export class Refused extends Error {
  constructor(status, message, hint) {
    super(message);
    this.status = status;
    this.hint = hint;
  }
}

async function ask(path, signal) {
  const response = await fetch(path, { headers, signal });
  if (response.ok) return response;
  let told = {};
  try {
    told = await response.json();
  } catch {
    // an answer without words
  }
  throw new Refused(response.status, told.message ?? response.statusText, told.hint);
}

// While an answer is awaited the document says so, for style sheets and for who watches the page from outside.
let asking = 0;
const mark = (change) => document.documentElement.toggleAttribute('data-asking', (asking += change) > 0);
async function marked(work) {
  mark(1);
  try {
    return await work();
  } finally {
    mark(-1);
  }
}

export const getJson = (path, signal) => marked(async () => (await ask(path, signal)).json());
export const getText = (path, signal) => marked(async () => (await ask(path, signal)).text());
export const runPath = (run, rest) => `/api/runs/${encodeURIComponent(run)}/${rest}`;

/** Series of metrics by name: Map name -> {rows, step[], time_ms[], value[]}; `range` = {from, to} in steps. */
export async function getSeries(run, names, range, signal) {
  const all = new Map();
  const most = 32;
  for (let at = 0; at < names.length; at += most) {
    const query = new URLSearchParams(names.slice(at, at + most).map((name) => ['name', name]));
    if (range) {
      query.set('from', Math.max(0, Math.floor(range.from)));
      query.set('to', Math.max(0, Math.ceil(range.to)));
    }
    const { series } = await getJson(runPath(run, `series?${query}`), signal);
    for (const one of series) all.set(one.name, one);
  }
  return all;
}

const silenceMs = 12000; // the server speaks every five seconds
const retryMs = [500, 1000, 2000, 4000];

/** Follows a run until `signal` aborts. `on.state(object)`, `on.link('live' | 'lost' | 'refused')`. */
export async function follow(run, on, signal) {
  for (let tries = 0; !signal.aborted; ) {
    const attempt = new AbortController();
    const stop = () => attempt.abort();
    signal.addEventListener('abort', stop);
    let timer = setTimeout(stop, silenceMs);
    try {
      const response = await ask(`/api/live?run=${encodeURIComponent(run)}`, attempt.signal);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        clearTimeout(timer);
        timer = setTimeout(stop, silenceMs);
        tries = 0;
        on.link('live');
        text += value;
        const messages = text.split('\n\n');
        text = messages.pop();
        for (const message of messages) {
          const lines = message.split('\n');
          if (!lines.includes('event: state')) continue;
          const data = lines.find((line) => line.startsWith('data: '));
          if (data) on.state(JSON.parse(data.slice(6)));
        }
      }
    } catch (fault) {
      if (fault instanceof Refused && (fault.status === 401 || fault.status === 404)) {
        on.link(fault.status === 401 ? 'refused' : 'gone');
      }
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      attempt.abort();
    }
    if (signal.aborted) return;
    on.link('lost');
    await new Promise((resolve) => setTimeout(resolve, retryMs[Math.min(tries++, retryMs.length - 1)]));
  }
}

export function save(name, type, content) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name.replace(/[^\w.-]+/g, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
