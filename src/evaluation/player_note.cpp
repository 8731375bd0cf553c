#include "evaluation/player_note.h"

#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

#include "evaluation/json_fields.h"
#include "evaluation/note_fields.h"
#include "evaluation/player_spec.h"

namespace keisei::evaluation {
namespace {

constexpr std::string_view kSchema = "keisei.player_note/1";
constexpr std::string_view kFirstKey = R"({"schema":"keisei.player_note/)";
constexpr std::array<std::string_view, 4> kKinds{"name", "cage", "incident", "excluded"};
constexpr std::size_t kMaxWordBytes = 64;
constexpr std::size_t kMaxNoteLineBytes = 1U << 16;
constexpr std::size_t kBytesOfAReplacement = 3;  ///< of U+FFFD, which stands for one byte

}  // namespace

std::string_view to_string(PlayerNote::Kind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

Result<PlayerNote::Kind> parse_note_kind(std::string_view text) {
  const auto found = std::find(kKinds.begin(), kKinds.end(), text);
  if (found != kKinds.end()) return static_cast<PlayerNote::Kind>(found - kKinds.begin());
  return fail(Code::kBadData, "unknown kind of note", "allowed: name, cage, incident, excluded");
}

std::string encode(const PlayerNote& note) {
  nlohmann::ordered_json json;
  json["schema"] = kSchema;
  json["kind"] = to_string(note.kind);
  json["player"] = note.player.substr(0, kMaxPlayerTextBytes);
  json["text"] = note.text.substr(0, kMaxNoteBytes);
  return dump(json);
}

bool is_note(std::string_view line) { return line.starts_with(kFirstKey); }

Result<PlayerNote> decode_note(std::string_view line) {
  JsonFields fields(line, kMaxNoteLineBytes, "player note");
  if (fields.text("schema", kMaxWordBytes) != kSchema) fields.fault("schema", std::string(kSchema));
  PlayerNote note;
  note.kind = fields.take("kind", parse_note_kind(fields.text("kind", kMaxWordBytes)));
  note.player = fields.text("player", kMaxPlayerTextBytes * kBytesOfAReplacement);
  note.text = fields.text("text", kMaxNoteBytes * kBytesOfAReplacement);
  if (auto good = fields.finish(); !good) return tl::make_unexpected(good.error());
  return note;
}

nlohmann::ordered_json json_of(std::span<const PlayerNote> notes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const PlayerNote& note : notes) {
    nlohmann::ordered_json json;
    json["kind"] = to_string(note.kind);
    json["player"] = note.player;
    json["text"] = note.text;
    json["times"] = note.times;
    list.push_back(std::move(json));
  }
  return list;
}

PlayerNote read_note(JsonFields& fields) {
  PlayerNote note;
  note.kind = fields.take("kind", parse_note_kind(fields.text("kind", kMaxWordBytes)));
  note.player = fields.text("player", kMaxPlayerTextBytes * kBytesOfAReplacement);
  note.text = fields.text("text", kMaxNoteBytes * kBytesOfAReplacement);
  note.times = static_cast<int>(fields.integer("times", 1, std::numeric_limits<int>::max()));
  return note;
}

void add_note(std::vector<PlayerNote>& notes, const PlayerNote& note) {
  const auto same = std::find_if(notes.begin(), notes.end(), [&](const PlayerNote& known) {
    return known.kind == note.kind && known.player == note.player && known.text == note.text;
  });
  if (same != notes.end()) {
    same->times += note.times;
  } else if (notes.size() < kMaxNotes) {
    notes.push_back(note);
  }
}

std::string sentence_of(const PlayerNote& note) {
  const bool counts = note.times > 1 && note.kind == PlayerNote::Kind::kIncident;
  return note.player + ": " + note.text + (counts ? " (" + std::to_string(note.times) + " times)" : "");
}

}  // namespace keisei::evaluation
