// Compares sets of legal moves with lishogi's rules (shogiops).
// Usage: node legal_moves.mjs FILE; each line of the file is a SFEN, a tab, and the legal moves in USI, sorted by
// bytes. Prints what differs and, last, how many positions agreed; exit code 1 if one did not.
import fs from "node:fs";
import { parseSfen } from "shogiops/sfen";
import { makeUsi } from "shogiops/util";
import { pieceCanPromote, pieceForcePromote } from "shogiops/variant/util";

const canPromote = pieceCanPromote("standard");
const mustPromote = pieceForcePromote("standard");

function legalMoves(sfen) {
  const position = parseSfen("standard", sfen, false).unwrap();
  const moves = [];
  for (const [from, dests] of position.allMoveDests()) {
    const piece = position.board.get(from);
    for (const to of dests) {
      if (canPromote(piece, from, to, position.board.get(to))) moves.push(makeUsi({ from, to, promotion: true }));
      if (!mustPromote(piece, to)) moves.push(makeUsi({ from, to }));
    }
  }
  for (const [name, dests] of position.allDropDests()) {
    const role = name.slice(name.indexOf(" ") + 1);
    for (const to of dests) moves.push(makeUsi({ role, to }));
  }
  return moves.sort().join(" ");
}

const lines = fs.readFileSync(process.argv[2], "utf8").split("\n").filter((line) => line !== "");
let agreed = 0;
for (const line of lines) {
  const [sfen, ours] = line.split("\t");
  const theirs = legalMoves(sfen);
  if (theirs === ours) {
    agreed += 1;
    continue;
  }
  const only = (a, b) => a.split(" ").filter((move) => !b.split(" ").includes(move)).join(" ");
  console.log(`${sfen}: only here '${only(ours, theirs)}', only there '${only(theirs, ours)}'`);
}
console.log(`agreed ${agreed} of ${lines.length}`);
process.exit(agreed === lines.length ? 0 : 1);
