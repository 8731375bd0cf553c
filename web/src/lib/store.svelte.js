// What the whole page shares: which run and view are shown, the run's newest state from the live stream, the link to
// the server, and the reader's wishes (language, theme). Views ask the server themselves and watch `counts` for news.
import { follow, getJson, Refused } from './api.js';

const views = ['overview', 'training', 'strength', 'safeguards', 'games', 'runs'];
const wishes = JSON.parse(localStorage.getItem('keisei.wishes') ?? '{}');

export const page = $state({
  view: 'overview',
  rest: [],
  runs: [],
  run: '',
  state: null, // keisei.web.state/1
  link: 'waiting', // waiting | live | lost | refused | gone
  now: Date.now(),
  skew: 0, // server's clock minus ours, ms
  language: wishes.language ?? (navigator.language?.startsWith('ja') ? 'ja' : 'en'),
  theme: wishes.theme ?? 'auto', // auto | light | dark
});

export { views };

export function wish(key, value) {
  page[key] = value;
  localStorage.setItem('keisei.wishes', JSON.stringify({ language: page.language, theme: page.theme }));
}

/** Whether the page is dark now. */
export const isDark = () =>
  page.theme === 'dark' || (page.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);

/** Addresses are #/VIEW/RUN/REST…, so that a link leads to the same thing again. */
export function address(view, run = page.run, ...rest) {
  return '#/' + [view, run, ...rest].map((part) => encodeURIComponent(part)).join('/');
}

function readAddress() {
  const [view, run, ...rest] = location.hash.replace(/^#\/?/, '').split('/').map(decode);
  page.view = views.includes(view) ? view : 'overview';
  page.rest = rest;
  if (run && run !== page.run) choose(run);
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

let following = null;

export function choose(run) {
  page.run = run;
  page.state = null;
  following?.abort();
  following = new AbortController();
  const mine = following;
  follow(
    run,
    {
      state(state) {
        if (mine.signal.aborted) return;
        page.state = state;
        page.skew = state.now_ms - Date.now();
      },
      link(link) {
        if (!mine.signal.aborted && !(link === 'lost' && (page.link === 'refused' || page.link === 'gone'))) {
          page.link = link;
        }
      },
    },
    mine.signal,
  );
}

async function listRuns() {
  try {
    page.runs = (await getJson('/api/runs')).runs;
    if (!page.run && page.runs.length > 0) choose(page.runs[0].id);
    if (page.link === 'refused') page.link = 'waiting';
    if (page.runs.length === 0) page.link = 'live';
  } catch (fault) {
    page.link = fault instanceof Refused && fault.status === 401 ? 'refused' : 'lost';
  }
}

const listEveryMs = 5000;

export function start() {
  addEventListener('hashchange', readAddress);
  readAddress();
  listRuns();
  setInterval(listRuns, listEveryMs);
  setInterval(() => (page.now = Date.now()), 1000);
}

/** The newest value of a metric, or null where it was not measured or not recorded. */
export function latest(name) {
  const row = page.state?.latest?.[name];
  return row && row[2] !== null ? row[2] : null;
}
