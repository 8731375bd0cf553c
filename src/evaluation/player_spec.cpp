#include "evaluation/player_spec.h"

#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/shortest.h"
#include "config/suggest.h"
#include "evaluation/spelling.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSpellings =
    "random, greedy (= heuristic), live, checkpoint:PATH, material:D[?epsilon=E], usi:COMMAND, xboard:COMMAND";

/// Printable UTF-8: names go through JSON and to terminals unchanged, or not at all.
bool is_printable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned lead = byte(i);
    if (lead < 0x20 || lead == 0x7F) return false;
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0U) != 0x80) return false;
    }
    const unsigned second = byte(i + 1);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
        (lead == 0xF4 && second > 0x8F)) {
      return false;  // overlong, surrogate, or beyond U+10FFFF
    }
    i += length;
  }
  return true;
}

tl::unexpected<Error> unknown(std::string_view text) {
  const std::vector<std::string> names{"random",   "greedy", "heuristic", "live", "checkpoint",
                                       "material", "usi",    "xboard",    "ppo"};
  std::string hint = "allowed: " + std::string(kSpellings);
  if (const auto nearest = config::nearest(text.substr(0, text.find(':')), names)) {
    hint += "; did you mean \"" + *nearest + "\"?";
  }
  return fail(Code::kUsage, "unknown player " + quoted(text), hint);
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Reads "simulations=N&temperature=T" into `spec`.
Result<void> parse_options(std::string_view text, PlayerSpec& spec) {
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    const std::string_view key = item.substr(0, equals);
    const std::string_view value = equals == std::string_view::npos ? std::string_view{} : item.substr(equals + 1);
    const auto bad = [&](const std::string& allowed) {
      return fail(Code::kUsage, "player option \"" + std::string(item) + "\" is not allowed", allowed);
    };
    if (key == "simulations") {
      const auto n = number<int>(value);
      if (!n || *n < 0 || *n > kMaxSimulations) {
        return bad("simulations: a whole number from 0 to " + std::to_string(kMaxSimulations));
      }
      if (spec.simulations) return bad("simulations may be given once");
      spec.simulations = n;
    } else if (key == "temperature") {
      const auto t = number<double>(value);
      if (!t || !std::isfinite(*t) || *t < 0 || *t > kMaxTemperature) return bad("temperature: a number from 0 to 100");
      if (spec.temperature) return bad("temperature may be given once");
      spec.temperature = t;
    } else {
      return bad(allowed_hint(key, std::array<std::string, 2>{"simulations", "temperature"}));
    }
  }
  return {};
}

/// A network player's "PATH?options" (the last '?' parts them) or "?options".
Result<PlayerSpec> parse_network(PlayerKind kind, std::string_view text) {
  PlayerSpec spec;
  spec.kind = kind;
  const std::size_t question = text.rfind('?');
  const std::string_view path = text.substr(0, question);
  if (question != std::string_view::npos) {
    if (auto read = parse_options(text.substr(question + 1), spec); !read) return tl::make_unexpected(read.error());
  }
  if (kind == PlayerKind::kCheckpoint && path.empty()) {
    return fail(Code::kUsage, "player checkpoint: has no path", "write checkpoint:PATH, a checkpoint file or a run");
  }
  spec.path = path;
  return spec;
}

}  // namespace

Result<PlayerSpec> parse_player(std::string_view text) {
  if (text.size() > kMaxPlayerTextBytes || !is_printable(text)) {
    return fail(Code::kUsage, "a player's name is too long, or holds control characters or bytes that are no UTF-8",
                "at most " + std::to_string(kMaxPlayerTextBytes) + " bytes of printable UTF-8");
  }
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const bool has_argument = colon != std::string_view::npos;
  const std::string_view argument = has_argument ? text.substr(colon + 1) : std::string_view{};
  PlayerSpec spec;
  if (name == "random" || name == "greedy" || name == "heuristic") {
    if (has_argument) {
      return fail(Code::kUsage, "player " + std::string(name) + " takes no argument",
                  "write just " + std::string(name));
    }
    spec.kind = name == "random" ? PlayerKind::kRandom : PlayerKind::kGreedy;
    return spec;
  }
  if (name == "checkpoint" && has_argument) return parse_network(PlayerKind::kCheckpoint, argument);
  if (!has_argument && (name == "live" || name.starts_with("live?"))) {
    return parse_network(PlayerKind::kLive, name.substr(4));
  }
  if (name == "checkpoint" || name == "ppo" || name == "ppo_agent") {
    return fail(Code::kUsage, "player " + std::string(name) + " needs a checkpoint",
                "write checkpoint:PATH, or give --opponent_checkpoint");
  }
  if (name == "material") {
    const auto material = shogi::parse_material(text);
    if (!material) return tl::make_unexpected(material.error());
    spec.kind = PlayerKind::kMaterial;
    spec.material = *material;
    return spec;
  }
  if (name == "usi" || name == "xboard") {
    auto engine = parse_engine(argument, name == "usi" ? EngineProtocol::kUsi : EngineProtocol::kXboard);
    if (!engine) return tl::make_unexpected(engine.error());
    spec.kind = PlayerKind::kEngine;
    spec.engine = *std::move(engine);
    return spec;
  }
  return unknown(text);
}

Result<PlayerSpec> parse_player(std::string_view type, std::string_view checkpoint_path) {
  if (checkpoint_path.empty()) return parse_player(type);
  if (type == "ppo" || type == "ppo_agent" || type == "checkpoint") {
    return parse_player("checkpoint:" + std::string(checkpoint_path));
  }
  auto spec = parse_player(type);
  if (!spec) return spec;
  return fail(Code::kUsage, "a checkpoint was given for the player \"" + std::string(type) + "\", which has none",
              "leave the checkpoint out, or write ppo (= checkpoint) as the type");
}

std::string options_text(const PlayerSpec& spec) {
  std::string text;
  if (spec.simulations.value_or(0) > 0) text = "?simulations=" + std::to_string(*spec.simulations);
  if (spec.temperature) text += (text.empty() ? "?temperature=" : "&temperature=") + shortest(*spec.temperature);
  return text;
}

std::string to_string(const PlayerSpec& spec) {
  std::string text;
  switch (spec.kind) {
    case PlayerKind::kRandom:
      return "random";
    case PlayerKind::kGreedy:
      return "greedy";
    case PlayerKind::kMaterial:
      return to_string(spec.material);
    case PlayerKind::kEngine:
      return spec.engine ? player_text(*spec.engine) : std::string("usi:");
    case PlayerKind::kLive:
      text = "live";
      break;
    case PlayerKind::kCheckpoint:
      text = "checkpoint:" + spec.path;
      break;
  }
  std::string options;
  if (spec.simulations) options += "simulations=" + std::to_string(*spec.simulations);
  if (spec.temperature) options += (options.empty() ? "temperature=" : "&temperature=") + shortest(*spec.temperature);
  if (!options.empty() || spec.path.find('?') != std::string::npos) text += "?" + options;
  return text;
}

}  // namespace keisei::evaluation
