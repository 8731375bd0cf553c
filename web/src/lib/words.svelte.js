// The page's words. English is written where it is used and is the key; Japanese stands here. A word without a
// translation shows in English. Names that come from a run are never looked up.
import { page } from './store.svelte.js';
import { japanese } from './japanese.js';

const english = {
  'theme auto': 'Theme: auto',
  'theme light': 'Theme: light',
  'theme dark': 'Theme: dark',
  no_legal_moves: 'no legal moves',
  perpetual_check: 'perpetual check',
  max_moves: 'move limit',
  illegal_move: 'illegal move',
  illegal_declaration: 'illegal declaration',
  time_up: 'time up',
  player_fault: 'player fault',
  not_played: 'not played',
  training_impact: 'training impact',
};

// Keys may come from a run: only what stands in a table is a word, not what every object has.
const word = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);

export const t = (key) => (page.language === 'ja' ? (word(japanese, key) ?? word(english, key) ?? key) : (word(english, key) ?? key));
