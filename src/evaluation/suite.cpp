#include "evaluation/suite.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "base/file.h"
#include "evaluation/json_fields.h"
#include "evaluation/request.h"
#include "evaluation/suite_fields.h"

namespace keisei::evaluation {
namespace {

constexpr std::size_t kMaxWordBytes = 32;

std::string_view to_string(SuiteCase::Colour colour) {
  return colour == SuiteCase::Colour::kBoth ? "both" : colour == SuiteCase::Colour::kBlack ? "black" : "white";
}

Result<SuiteCase::Colour> parse_colour(std::string_view text) {
  if (text == "both") return SuiteCase::Colour::kBoth;
  if (text == "black") return SuiteCase::Colour::kBlack;
  if (text == "white") return SuiteCase::Colour::kWhite;
  return fail(Code::kBadData, "unknown colour", "allowed: both, black, white");
}

Result<SuiteCase::Kind> parse_kind(std::string_view text) {
  if (text == "game") return SuiteCase::Kind::kGame;
  if (text == "tsume") return SuiteCase::Kind::kTsume;
  return fail(Code::kBadData, "unknown kind of case", "allowed: game, tsume");
}

/// The position of a case can be played on.
Result<void> check_position(const SuiteCase& suite_case) {
  const auto position = shogi::Position::from_sfen(suite_case.sfen);
  if (!position) return tl::make_unexpected(position.error());
  if (position->outcome({.max_moves = 0, .declaration = shogi::DeclarationRule::kNone})) {
    return fail(Code::kUsage, "the game is over in its position", "a case needs a legal move");
  }
  return {};
}

}  // namespace

SuiteCase read_case(JsonFields& fields) {
  SuiteCase found;
  found.kind = fields.take("kind", parse_kind(fields.text("kind", kMaxWordBytes)));
  found.id = fields.text("id", kMaxCaseIdBytes);
  found.sfen = fields.text("sfen", kMaxSfenBytes);
  if (found.kind == SuiteCase::Kind::kTsume) {
    found.games = 1;
    found.pass_score = 1;
    found.mate_in = static_cast<int>(fields.integer("mate_in", 1, kMaxMateIn));
    return found;
  }
  found.opponent = fields.take("opponent", parse_player(fields.text("opponent", kMaxPlayerTextBytes)));
  if (fields.has("opponent_id")) found.opponent_id = fields.text("opponent_id", kMaxIdBytes);
  if (fields.has("games")) found.games = static_cast<int>(fields.integer("games", 1, kMaxGames));
  if (fields.has("pass_score")) found.pass_score = fields.number("pass_score", 0, 1);
  if (fields.has("agent_colour")) {
    found.agent_colour = fields.take("agent_colour", parse_colour(fields.text("agent_colour", kMaxWordBytes)));
  }
  return found;
}

std::string encode(const SuiteCase& suite_case) {
  nlohmann::ordered_json json;
  const bool tsume = suite_case.kind == SuiteCase::Kind::kTsume;
  json["kind"] = tsume ? "tsume" : "game";
  json["id"] = suite_case.id;
  json["sfen"] = suite_case.sfen;
  if (tsume) {
    json["mate_in"] = suite_case.mate_in;
  } else {
    json["opponent"] = to_string(suite_case.opponent);
    json["opponent_id"] = suite_case.opponent_id;
    json["games"] = suite_case.games;
    json["pass_score"] = suite_case.pass_score;
    json["agent_colour"] = to_string(suite_case.agent_colour);
  }
  return dump(json);
}

Result<SuiteCase> decode_case(std::string_view line) {
  JsonFields fields(line, kMaxSuiteLineBytes, "case");
  SuiteCase found = read_case(fields);
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  return found;
}

Result<void> validate(const SuiteCase& suite_case) {
  const auto wrong = [&](const std::string& what, const std::string& allowed) {
    return fail(Code::kUsage, "case \"" + suite_case.id + "\": " + what + " is not allowed", "allowed: " + allowed);
  };
  if (suite_case.id.empty() || suite_case.id.size() > kMaxCaseIdBytes) return wrong("its id", "1 to 128 bytes");
  if (suite_case.sfen.size() > kMaxSfenBytes) return wrong("its sfen", "an SFEN of at most 256 bytes");
  if (suite_case.kind == SuiteCase::Kind::kTsume) {
    if (suite_case.mate_in < 1 || suite_case.mate_in > kMaxMateIn || suite_case.mate_in % 2 == 0) {
      return wrong("mate_in " + std::to_string(suite_case.mate_in), "an odd number of plies from 1 to 31");
    }
    return {};
  }
  if (const auto known = parse_player(to_string(suite_case.opponent)); !known) {
    return fail(Code::kUsage, "case \"" + suite_case.id + "\": " + known.error().message, known.error().hint);
  }
  if (suite_case.games < 1 || suite_case.games > kMaxGames) {
    return wrong("games " + std::to_string(suite_case.games), "1 to " + std::to_string(kMaxGames));
  }
  if (!(suite_case.pass_score >= 0) || !(suite_case.pass_score <= 1)) return wrong("its pass_score", "0 to 1");
  if (suite_case.opponent_id.size() > kMaxIdBytes) return wrong("its opponent_id", "at most 256 bytes");
  return {};
}

Result<std::vector<SuiteCase>> read_suite(const std::filesystem::path& path) {
  const auto text = read_text(path, kMaxSuiteFileBytes);
  if (!text) return fail(Code::kUsage, "suite: " + text.error().message);
  std::vector<SuiteCase> cases;
  std::set<std::string> ids;
  std::string_view rest = *text;
  for (int number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = path.string() + ":" + std::to_string(number) + ": ";
    const auto found = decode_case(line);
    if (!found) return fail(Code::kUsage, where + found.error().message, found.error().hint);
    for (const auto& good : {validate(*found), check_position(*found)}) {
      if (!good) return fail(Code::kUsage, where + good.error().message, good.error().hint);
    }
    if (!ids.insert(found->id).second) {
      return fail(Code::kUsage, where + "a second case has the id \"" + found->id + "\"", "ids are unique in a suite");
    }
    if (cases.size() == static_cast<std::size_t>(kMaxSuiteCases)) {
      return fail(Code::kUsage, where + "more than " + std::to_string(kMaxSuiteCases) + " cases");
    }
    cases.push_back(*found);
  }
  if (cases.empty()) return fail(Code::kUsage, path.string() + " has no case", "one JSON object a line");
  return cases;
}

}  // namespace keisei::evaluation
