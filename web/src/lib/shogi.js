// A board that is played forward: SFEN in, USI moves, SFEN out. Records come checked from the server's own rules, so
// moves are carried out, not judged; one that cannot be carried out ends the replay there.

const handOrder = ['R', 'B', 'G', 'S', 'N', 'L', 'P'];
export const startSfen = 'lnsgkgsnl/1r5b1/ppppppppp/9/9/9/PPPPPPPPP/1B5R1/LNSGKGSNL b - 1';

export const kanji = {
  P: '歩', L: '香', N: '桂', S: '銀', G: '金', B: '角', R: '飛', K: '玉',
  '+P': 'と', '+L': '杏', '+N': '圭', '+S': '全', '+B': '馬', '+R': '龍',
};
const ranks = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
const files = ['１', '２', '３', '４', '５', '６', '７', '８', '９'];
export { ranks };

/** board: 81 of null or {kind: 'P' | '+P' …, black}, from 9a to 1i; hands: {b: {R: n …}, w: {…}}. */
export function parseSfen(sfen) {
  const [rows, turn, hand, number] = (sfen === 'startpos' ? startSfen : sfen).split(/\s+/);
  const board = [];
  for (const row of rows.split('/')) {
    let plus = '';
    for (const c of row) {
      if (c >= '1' && c <= '9') board.push(...Array(Number(c)).fill(null));
      else if (c === '+') plus = '+';
      else {
        board.push({ kind: plus + c.toUpperCase(), black: c < 'a' });
        plus = '';
      }
    }
  }
  const hands = { b: {}, w: {} };
  for (const [, many, piece] of (hand ?? '-').matchAll(/(\d*)([A-Za-z])/g)) {
    hands[piece < 'a' ? 'b' : 'w'][piece.toUpperCase()] = Number(many || 1);
  }
  return { board, turn: turn ?? 'b', hands, number: Number(number ?? 1) };
}

export function toSfen({ board, turn, hands, number }) {
  const rows = [];
  for (let rank = 0; rank < 9; rank++) {
    let row = '';
    let empty = 0;
    for (let column = 0; column < 9; column++) {
      const piece = board[rank * 9 + column];
      if (!piece) {
        empty++;
        continue;
      }
      if (empty) row += empty;
      empty = 0;
      row += piece.black ? piece.kind : piece.kind.toLowerCase();
    }
    rows.push(row + (empty || ''));
  }
  const held = (side, cased) =>
    handOrder.map((p) => (hands[side][p] ? (hands[side][p] > 1 ? hands[side][p] : '') + cased(p) : '')).join('');
  const hand = held('b', (p) => p) + held('w', (p) => p.toLowerCase());
  return `${rows.join('/')} ${turn} ${hand || '-'} ${number}`;
}

/** "7g" -> index on the board, 9a first. */
const square = (text) => (text.charCodeAt(1) - 97) * 9 + (9 - Number(text[0]));

/** The position after a USI move, or null where it cannot be carried out. */
export function play(position, usi) {
  const board = position.board.slice();
  const hands = { b: { ...position.hands.b }, w: { ...position.hands.w } };
  const side = position.turn;
  const to = square(usi.slice(2, 4));
  if (!(to >= 0 && to < 81)) return null;
  if (usi[1] === '*') {
    const kind = usi[0];
    if (!hands[side][kind]) return null;
    hands[side][kind]--;
    board[to] = { kind, black: side === 'b' };
  } else {
    const from = square(usi);
    const piece = board[from];
    if (!piece) return null;
    const taken = board[to];
    if (taken) {
      const kind = taken.kind.replace('+', '');
      hands[side][kind] = (hands[side][kind] ?? 0) + 1;
    }
    board[from] = null;
    board[to] = usi.endsWith('+') ? { ...piece, kind: '+' + piece.kind } : piece;
  }
  return { board, turn: side === 'b' ? 'w' : 'b', hands, number: position.number + 1 };
}

/** Every position of a game, the start first; stops where a move cannot be carried out. */
export function positions(sfen, moves) {
  const all = [parseSfen(sfen)];
  for (const move of moves) {
    const next = play(all.at(-1), move);
    if (!next) break;
    all.push(next);
  }
  return all;
}

export const moveSquares = (usi) => (usi ? { from: usi[1] === '*' ? -1 : square(usi), to: square(usi.slice(2, 4)) } : null);

/** ▲７六歩 style; `before` is the position the move is played in, `last` the move before it. */
export function inJapanese(before, usi, last) {
  const side = before.turn === 'b' ? '▲' : '△';
  const to = usi.slice(2, 4);
  const same = last && last.slice(2, 4) === to;
  const place = same ? '同' : files[Number(to[0]) - 1] + ranks[to.charCodeAt(1) - 97];
  if (usi[1] === '*') return `${side}${place}${kanji[usi[0]]}打`;
  const piece = before.board[square(usi)];
  if (!piece) return `${side}${usi}`;
  const names = { ...kanji, '+L': '成香', '+N': '成桂', '+S': '成銀' };
  return `${side}${place}${names[piece.kind]}${usi.endsWith('+') ? '成' : ''}`;
}

/** P-7f style, for readers of letters. */
export function inLetters(before, usi) {
  if (usi[1] === '*') return `${usi[0]}*${usi.slice(2, 4)}`;
  const piece = before.board[square(usi)];
  if (!piece) return usi;
  const takes = before.board[square(usi.slice(2, 4))] ? '×' : '–';
  return `${piece.kind}${takes}${usi.slice(2, 4)}${usi.endsWith('+') ? '+' : ''}`;
}

export const handOf = (position, side) =>
  handOrder.filter((p) => position.hands[side][p]).map((p) => ({ kind: p, count: position.hands[side][p] }));
