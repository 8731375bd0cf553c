// Writes the games of a folder again with two independent libraries, for the tests to read.
// Usage: node write_records.mjs FOLDER; the folder holds games.json and N.kif, N.jkf for each game. Written are
// N.tsshogi.FORMAT from the KIF, N.back.jkf from the JKF, and N.json-kifu.jkf from the KIF (not where it has no word
// for the end). Exit code 1 if a file could not be read.
import fs from "node:fs";
import path from "node:path";
import JkfModule from "json-kifu-format";
import { exportCSA, exportJKFString, exportKI2, exportKIF, importJKFString, importKIF } from "tsshogi";

const { JKFPlayer } = JkfModule;
const folder = process.argv[2];
const games = JSON.parse(fs.readFileSync(path.join(folder, "games.json"), "utf8"));
const read = (name) => fs.readFileSync(path.join(folder, name), "utf8");
const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);
const sound = (record) => {
  if (record instanceof Error) throw record;
  return record;
};

let failed = 0;
games.forEach((game, i) => {
  try {
    const record = sound(importKIF(read(`${i}.kif`)));
    write(`${i}.tsshogi.kif`, exportKIF(record));
    write(`${i}.tsshogi.ki2`, exportKI2(record));
    write(`${i}.tsshogi.csa`, exportCSA(record, i % 2 === 0 ? {} : { v3: { encoding: "UTF-8", milliseconds: true } }));
    write(`${i}.tsshogi.jkf`, exportJKFString(record));
    write(`${i}.tsshogi.usi`, record.getUSI({ allMoves: true }));
    write(`${i}.back.jkf`, exportJKFString(sound(importJKFString(read(`${i}.jkf`)))));
    if (game.end !== "declaration") write(`${i}.json-kifu.jkf`, JKFPlayer.parseKIF(read(`${i}.kif`)).toJKF());
  } catch (error) {
    failed += 1;
    console.log(`game ${i}: ${error.message}`);
  }
});
console.log(`wrote ${games.length - failed} of ${games.length}`);
process.exit(failed === 0 ? 0 : 1);
