// Reads exported games with two independent libraries and compares what they understood with what was played.
// Usage: node read_records.mjs FOLDER [FORMATS]; the folder holds games.json and N.kif, N.ki2, N.csa, N.usi, N.jkf for
// each game, or those of the formats that are named (kif,csa).
// Prints what differs and, last, how many games agreed in every format; exit code 1 if one did not.
import fs from "node:fs";
import path from "node:path";
import JkfModule from "json-kifu-format";
import { Color, Move, Record, importCSA, importJKFString, importKI2, importKIF } from "tsshogi";

const { JKFPlayer } = JkfModule;
const folder = process.argv[2];
const formats = (process.argv[3] ?? "kif,ki2,csa,usi,jkf").split(",");
const games = JSON.parse(fs.readFileSync(path.join(folder, "games.json"), "utf8"));
const ranks = "_abcdefghi";
const letters = { FU: "P", KY: "L", KE: "N", GI: "S", KA: "B", HI: "R", KI: "G" };

/// tsshogi's name for how the game ended. It reads CSA's %±ILLEGAL_ACTION the other way round than the CSA standard
/// (and json-kifu-format) do, so there the foul counts whoever committed it.
function expectedEnds(game, format) {
  const toMoveWins = game.winner === game.to_move;
  const hasCsaWords = format === "csa" || format === "jkf";
  switch (game.end) {
    case "unfinished":
    case "max_moves":
      return ["interrupt"];
    case "resign":
    case "no_legal_moves":
      return ["resign"];
    case "checkmate":
      return ["mate"];
    case "repetition":
      return ["repetitionDraw"];
    case "perpetual_check":
    case "foul_before":
      return hasCsaWords ? ["foulWin", "foulLose"] : [toMoveWins ? "foulWin" : "foulLose"];
    case "impasse":
      return ["impass"];
    case "declaration":
      return game.winner !== "none" ? ["enteringOfKing"] : [hasCsaWords ? "draw" : "impass"];
    case "timeout":
      return ["timeout"];
    default:
      return ["foulLose"];
  }
}

const withoutNumber = (sfen) => sfen.split(" ").slice(0, 3).join(" ");

function checkTsshogi(game, format, text) {
  const readers = { kif: importKIF, ki2: importKI2, csa: importCSA, jkf: importJKFString, usi: (t) => Record.newByUSI(t.trim()) };
  const record = readers[format](text);
  if (record instanceof Error) throw record;
  if (withoutNumber(record.initialPosition.sfen) !== withoutNumber(game.start)) throw new Error("another start");
  const moves = [];
  let end = "";
  record.goto(0);
  for (;;) {
    const position = record.position.clone();
    if (!record.goForward()) break;
    const move = record.current.move;
    if (move instanceof Move) {
      if (!position.isValidMove(move)) throw new Error(`move ${moves.length + 1} is invalid`);
      moves.push(move.usi);
    } else {
      end = move.type;
    }
  }
  if (moves.join(" ") !== game.moves.join(" ")) throw new Error(`other moves: ${moves.join(" ")}`);
  if (format === "usi") return;
  if (!expectedEnds(game, format).includes(end)) throw new Error(`the end is '${end}', not ${game.end}`);
  const toMove = record.position.color === Color.BLACK ? "black" : "white";
  if (toMove !== game.to_move) throw new Error("another side is to move at the end");
}

function checkJkf(game, format, text) {
  const readers = { kif: JKFPlayer.parseKIF, ki2: JKFPlayer.parseKI2, csa: JKFPlayer.parseCSA, jkf: JKFPlayer.parseJKF };
  const square = (s) => `${s.x}${ranks[s.y]}`;
  const moves = readers[format](text)
    .kifu.moves.filter((m) => m.move)
    .map(({ move }) => (move.from ? square(move.from) : `${letters[move.piece]}*`) + square(move.to) + (move.promote ? "+" : ""));
  if (moves.join(" ") !== game.moves.join(" ")) throw new Error(`other moves: ${moves.join(" ")}`);
}

let agreed = 0;
games.forEach((game, i) => {
  let good = true;
  for (const format of formats) {
    const text = fs.readFileSync(path.join(folder, `${i}.${format}`), "utf8");
    // json-kifu-format's grammar of the closing line has no word for a declaration.
    const hasNoWord = game.end === "declaration" && format !== "jkf";
    const checks = format === "usi" || hasNoWord ? { checkTsshogi } : { checkTsshogi, checkJkf };
    for (const [name, check] of Object.entries(checks)) {
      try {
        check(game, format, text);
      } catch (error) {
        good = false;
        console.log(`game ${i}, ${format}, ${name}: ${error.message}`);
      }
    }
  }
  if (good) agreed += 1;
});
console.log(`agreed ${agreed} of ${games.length}`);
process.exit(agreed === games.length ? 0 : 1);
