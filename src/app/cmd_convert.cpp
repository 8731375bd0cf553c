// keisei convert: reads a record, says what was left out, writes it durably in another format.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli.h"
#include "app/convert.h"
#include "base/file.h"
#include "shogi/record_read.h"

namespace keisei::app {
namespace {

using shogi::RecordFormat;
using shogi::TextEncoding;

constexpr std::string_view kStream = "-";
constexpr const char* kFormats = "kif|ki2|csa|usi|jkf";
constexpr const char* kHelp = "`keisei convert --help` lists the flags";

tl::unexpected<Error> usage(const std::string& sentence) { return fail(Code::kUsage, "convert: " + sentence, kHelp); }

Result<RecordFormat> format_for(const ParsedFlags& parsed, const std::string& flag, const std::string& name) {
  if (const auto given = parsed.get(flag)) {
    const auto format = shogi::parse_record_format(*given);
    if (!format) return usage(flag + ": " + format.error().message + " (allowed: " + format.error().hint + ")");
    return *format;
  }
  if (name == kStream) return usage("'-' has no extension that tells its format; " + flag + " is needed");
  if (const auto format = shogi::format_of_file(name)) return *format;
  return usage("the name " + name +
               " does not tell its format; use .kif .kifu .ki2 .ki2u .csa .jkf .json .sfen .usi, or " + flag);
}

/// Names that end in .kif and .ki2 promise the code page of Windows, all others UTF-8.
TextEncoding promised(const std::string& name) {
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower.ends_with(".kif") || lower.ends_with(".ki2") ? TextEncoding::kShiftJis : TextEncoding::kUtf8;
}

Result<std::string> read_stdin() {
  std::string bytes;
  std::array<char, 1 << 16> chunk{};
  while (bytes.size() <= shogi::kMaxRecordBytes) {
    const ssize_t n = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Code::kFailure, std::string("cannot read stdin: ") + std::strerror(errno));
    if (n == 0) break;
    bytes.append(chunk.data(), static_cast<std::size_t>(n));
  }
  return bytes;
}

/// What the format written has no place for, of what this game has.
std::string left_out(const shogi::GameText& game, RecordFormat format) {
  std::string what;
  const auto add = [&](bool has, const char* word) {
    if (has) what += (what.empty() ? "" : ", ") + std::string(word);
  };
  const auto& moves = game.moves;
  const bool times = std::any_of(moves.begin(), moves.end(), [](const auto& m) { return m.time_s.has_value(); });
  if (format == RecordFormat::kUsi) {
    const bool comments = std::any_of(moves.begin(), moves.end(), [](const auto& m) { return !m.comment.empty(); });
    add(!game.black_name.empty() || !game.white_name.empty(), "names");
    add(!game.event.empty() || game.start_utc_s || !game.headers.empty(), "header");
    add(comments || !game.comment.empty(), "comments");
    add(game.end != shogi::RecordEnd::kUnfinished, "how it ended");
  }
  add(times && (format == RecordFormat::kUsi || format == RecordFormat::kKi2), "times");
  return what;
}

struct Conversion {
  std::string bytes;
  std::size_t games = 0;
  std::size_t moves = 0;
  TextEncoding read_as = TextEncoding::kUtf8;
  TextEncoding written_as = TextEncoding::kUtf8;
  std::vector<std::string> notes;
};

Result<Conversion> convert(const ConvertArgs& args) {
  const std::string in_name = args.in == kStream ? "stdin" : args.in;
  const std::string out_name = args.out == kStream ? "stdout" : args.out;
  const Result<std::string> bytes = args.in == kStream ? read_stdin() : read_text(args.in, shogi::kMaxRecordBytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  const auto text = shogi::decode_record(*bytes, in_name);
  if (!text) return tl::make_unexpected(text.error());
  const auto read = shogi::read_records(text->text, args.from, in_name);
  if (!read) return tl::make_unexpected(read.error());
  Conversion done;
  if (!text->note.empty()) done.notes.push_back(text->note);
  std::vector<shogi::GameText> games;
  for (const shogi::ReadGame& one : *read) {
    const std::string where = "game " + std::to_string(games.size() + 1) + ": ";
    for (const std::string& note : one.notes) done.notes.push_back(where + note);
    if (const std::string lost = left_out(one.game, args.to); !lost.empty()) {
      done.notes.push_back(where + std::string(shogi::to_string(args.to)) + " has no place for: " + lost);
    }
    done.moves += one.game.moves.size();
    games.push_back(one.game);
  }
  done.games = games.size();
  const auto written = shogi::export_records(games, args.to);
  if (!written) return fail(written.error().code, in_name + ": " + written.error().message, written.error().hint);
  done.read_as = text->encoding;
  done.written_as = args.encoding.value_or(promised(args.out));
  auto encoded = shogi::encode_record(*written, done.written_as, out_name);
  if (!encoded) return tl::make_unexpected(encoded.error());
  done.bytes = std::move(*encoded);
  return done;
}

std::string count(std::size_t n, const char* what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

}  // namespace

CommandSpec convert_command() {
  CommandSpec spec;
  spec.name = "convert";
  spec.summary = "Turn a game record into another format.";
  spec.words = "IN OUT";
  spec.most_words = 2;
  spec.flags = {
      {.name = "--from",
       .value = kFormats,
       .help = "Format of IN; by its extension where it is not given.",
       .group = "Formats"},
      {.name = "--to",
       .value = kFormats,
       .help = "Format of OUT; by its extension where it is not given.",
       .group = "Formats"},
      {.name = "--encoding",
       .value = "utf-8|shift_jis",
       .help = "Encoding of OUT: shift_jis for .kif and .ki2, utf-8 for all others, where it is not given. That "
               "of IN is found out.",
       .group = "Formats"},
      {.name = "--json", .help = "One JSON object on stdout.", .group = "Output"}};
  spec.examples = {"keisei convert game.kif game.csa", "keisei convert floodgate.csa games.usi --json",
                   "keisei convert - - --from csa --to kif --encoding utf-8"};
  spec.notes =
      "Extensions: .kif .kifu .ki2 .ki2u .csa .jkf .json .sfen .usi; '-' is stdin or stdout.\n"
      "A record with a move that is not legal is refused with line, column, game and ply (exit code 3).";
  return spec;
}

Result<ConvertArgs> convert_args(const ParsedFlags& parsed) {
  if (parsed.words.size() != 2) return usage(parsed.words.empty() ? "IN and OUT are missing" : "OUT is missing");
  ConvertArgs args;
  args.in = parsed.words[0];
  args.out = parsed.words[1];
  const auto from = format_for(parsed, "--from", args.in);
  if (!from) return tl::make_unexpected(from.error());
  const auto to = format_for(parsed, "--to", args.out);
  if (!to) return tl::make_unexpected(to.error());
  args.from = *from;
  args.to = *to;
  if (const auto name = parsed.get("--encoding")) {
    const auto encoding = shogi::parse_text_encoding(*name);
    if (!encoding) return usage("--encoding: " + encoding.error().message + " (allowed: utf-8, shift_jis)");
    args.encoding = *encoding;
  }
  if (args.encoding == TextEncoding::kShiftJis && args.to == RecordFormat::kJkf) {
    return usage("--encoding: JSON is in utf-8 (allowed: utf-8)");
  }
  args.json = parsed.has("--json");
  if (args.json && args.out == kStream) return usage("--json and OUT '-' would both write to stdout");
  return args;
}

int run_convert(const ConvertArgs& args) {
  const Result<Conversion> done = convert(args);
  if (!done) return report(done.error());
  if (args.out == kStream) {
    std::cout << done->bytes;
    for (const std::string& note : done->notes) std::cerr << "note: " << note << "\n";
    return 0;
  }
  if (auto written = write_durably(args.out, done->bytes); !written) return report(written.error());
  if (args.json) {
    const nlohmann::ordered_json out = {{"schema", "keisei.convert/1"},
                                        {"in", args.in},
                                        {"out", args.out},
                                        {"from", to_string(args.from)},
                                        {"to", to_string(args.to)},
                                        {"encoding_in", to_string(done->read_as)},
                                        {"encoding_out", to_string(done->written_as)},
                                        {"games", done->games},
                                        {"moves", done->moves},
                                        {"notes", done->notes}};
    std::cout << out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << "\n";
    return 0;
  }
  for (const std::string& note : done->notes) std::cerr << "note: " << note << "\n";
  std::cout << args.out << ": " << count(done->games, "game") << ", " << count(done->moves, "move") << " ("
            << to_string(args.from) << ", " << to_string(done->read_as) << " -> " << to_string(args.to) << ", "
            << to_string(done->written_as) << ")\n";
  return 0;
}

}  // namespace keisei::app
