// What is to be known of a foreign player beside its games: what the kernel could not enforce of its cage, how often it
// crashed, hung or broke the protocol, by which rule it was excluded. A worker sends notes among its records, each one
// line of JSON; who collects them keeps equal ones once. A worker is not trusted, so both are bounded. Plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace keisei::evaluation {

inline constexpr std::size_t kMaxNoteBytes = 1000;  ///< of a text; longer ones are cut
inline constexpr std::size_t kMaxNotes = 200;       ///< different ones that are kept

struct PlayerNote {
  enum class Kind : std::uint8_t {
    kName,      ///< what the engine calls itself
    kCage,      ///< what the kernel could not enforce
    kIncident,  ///< a crash, a hang or a breach of the protocol
    kExcluded,  ///< it plays no more, and by which rule
  };
  Kind kind = Kind::kIncident;
  std::string player;  ///< canonical spelling, or the name in the report
  std::string text;
  int times = 1;
  friend bool operator==(const PlayerNote&, const PlayerNote&) = default;
};
[[nodiscard]] std::string_view to_string(PlayerNote::Kind kind);  ///< name | cage | incident | excluded
[[nodiscard]] Result<PlayerNote::Kind> parse_note_kind(std::string_view text);

/// Takes notes as they come up.
using NoteSink = std::function<void(const PlayerNote&)>;

/// One line of JSON, first key "schema": "keisei.player_note/1".
[[nodiscard]] std::string encode(const PlayerNote& note);
/// Whether a line among records is meant to be a note.
[[nodiscard]] bool is_note(std::string_view line);
/// The note of encode(); kBadData for anything else.
[[nodiscard]] Result<PlayerNote> decode_note(std::string_view line);

/// Adds the note; one that is there already is counted, one beyond kMaxNotes is dropped.
void add_note(std::vector<PlayerNote>& notes, const PlayerNote& note);
/// "PLAYER: TEXT (3 times)"
[[nodiscard]] std::string sentence_of(const PlayerNote& note);

}  // namespace keisei::evaluation
