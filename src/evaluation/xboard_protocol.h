// What XBoard engines say, taken apart: features, options, moves, thinking output, results. Two generations are known:
// the second, which lists its features when it is asked (protover 2), and the dialect of GNU Shogi 1.4, an offspring of
// the first, which complains about protover. Engines are foreign programs, so every function takes any bytes and bounds
// what it keeps. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evaluation/engine_answer.h"
#include "evaluation/engine_options.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxFeatures = 200;  ///< of one line

struct XboardFeature {
  std::string name;
  std::string value;  ///< without its quotes
};

/// The features of a "feature NAME=VALUE NAME="TEXT" ..." line; none for any other line.
[[nodiscard]] std::vector<XboardFeature> parse_features(std::string_view line);

/// What the features say that matters here; the values of the protocol where an engine is silent.
struct XboardFeatures {
  bool ping = false;
  bool setboard = false;
  bool usermove = false;
  bool time = true;
  bool shogi = false;          ///< among its variants
  std::optional<bool> done{};  ///< nothing = it has not said
  std::string name{};          ///< printable
  std::vector<EngineOption> options{};
};

/// Takes one feature over. False when it is none that is known: it is to be rejected.
bool read_feature(const XboardFeature& feature, XboardFeatures& features);

/// The value of an option as the protocol writes it: 1 and 0 for true and false.
[[nodiscard]] std::string xboard_value(const EngineOption& option, std::string_view value);

struct XboardLine {
  enum class Kind : std::uint8_t {
    kOther,
    kMove,       ///< text: the move in USI's form, or as written where it has not the form of a move
    kEcho,       ///< GNU Shogi repeats a move that it was given
    kResign,     ///< also "Black mates!" and "1-0": `winner` says for whom
    kRefusal,    ///< it takes a move or a position for illegal; text: its words
    kPong,       ///< text: its number; also the answer to `otime`
    kThinking,   ///< depth, score, time, nodes, moves
    kComplaint,  ///< it does not know a command; text: its words
  };
  enum class Winner : std::uint8_t { kNone, kFirst, kSecond };
  Kind kind = Kind::kOther;
  std::string text{};
  Winner winner = Winner::kNone;  ///< of a claimed result; kFirst: who moves first, Shogi's Black
};

/// One line of an engine of the second generation.
[[nodiscard]] XboardLine parse_xboard(std::string_view line);
/// One line of GNU Shogi 1.4.
[[nodiscard]] XboardLine parse_gnushogi(std::string_view line);

/// Takes a line of thinking output over into `info`; anything not understood leaves it as it is.
void read_thinking(std::string_view line, EngineInfo& info);

}  // namespace keisei::evaluation
